/// Makes text that came from elsewhere harmless for a terminal.
///
/// A name or a message from a server may hold escape sequences that recolour, retitle or rewrite the screen, and format
/// characters that reorder what is read (CVE-2021-42574). Both are taken out before anything is printed.
enum PrintableText {
    /// Removes control and reordering characters; a tab or a line break becomes one space unless it may stay.
    static func strip(_ text: String, keepingNewlines: Bool = false) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where keepingNewlines: kept.append(scalar)
            case "\n", "\t", "\u{2028}", "\u{2029}": kept.append(" ")
            case _ where isDangerous(scalar): continue
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// Whether a terminal may take `scalar` for an order instead of text.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        // Nearly all text; the look into Unicode's tables takes longer than the rest of a report.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        // The joiners are part of words and emoji in many scripts, and neither moves nor hides other text.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }
}
