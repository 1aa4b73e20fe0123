/// The few colours of the command line, for terminals that want them.
enum Paint: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    /// `text` in this colour, or as it is where nothing is styled. The text is stripped of what a terminal could obey.
    func callAsFunction(_ text: String, styled: Bool) -> String {
        let clean = PrintableText.strip(text)
        return styled ? "\u{1B}[\(rawValue)m\(clean)\u{1B}[0m" : clean
    }
}
