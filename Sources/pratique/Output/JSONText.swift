import Foundation

/// The text of JSON data for people and `jq`: indented, keys sorted, slashes as they are.
enum JSONText {
    static func pretty(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return escapingTerminalOrders(text) + "\n"
    }

    /// JSON escapes the control characters below U+0020 by itself; the rest of them can only stand inside strings, where
    /// an escape means the same. So the data stays what the server sent, and the terminal is left alone.
    static func escapingTerminalOrders(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 != "\n" && PrintableText.isDangerous($0) }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            guard scalar != "\n", PrintableText.isDangerous(scalar) else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? EncodedScalar() {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    private typealias EncodedScalar = UTF16.EncodedScalar
}
