extension PEP440Order {
    private static let final = Array("*final".utf8)[...]
    private static let finalDash = Array("*final-".utf8)[...]
    private static let zero = Array("00000000".utf8)[...]

    /// The parts of a version that PEP 440 refuses, by the rule of setuptools before it: digits padded to eight, words after `*`.
    static func legacy(_ version: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var rest = version
        while let part = takePart(&rest) {
            if let text = legacyText(part) { append(text, to: &parts) }
        }
        append(final, to: &parts)
        return parts
    }

    private static func append(_ part: ArraySlice<UInt8>, to parts: inout [ArraySlice<UInt8>]) {
        if part.first == UInt8(ascii: "*") {
            if part.comparedAsText(to: final) < 0 {
                while parts.last == finalDash { parts.removeLast() }
            }
            while parts.last == zero { parts.removeLast() }
        }
        parts.append(part)
    }

    /// A run of digits, a run of letters, a dot, a dash, or a run of other bytes.
    private static func takePart(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let byte = rest.first else { return nil }
        if byte.isDigit { return rest.take(while: \.isDigit) }
        if byte.isLowerLetter { return rest.take(while: \.isLowerLetter) }
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
            defer { rest = rest.dropFirst() }
            return rest.prefix(1)
        }
        return rest.take {
            !$0.isDigit && !$0.isLowerLetter && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-")
        }
    }

    private static func legacyText(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if part.equals(".") { return nil }
        if part.first?.isDigit == true {
            return (Array(repeating: UInt8(ascii: "0"), count: max(0, 8 - part.count)) + part)[...]
        }
        if part.equals("-") { return finalDash }
        if part.equals("pre") || part.equals("preview") || part.equals("rc") { return Array("*c".utf8)[...] }
        if part.equals("dev") { return Array("*@".utf8)[...] }
        return ([UInt8(ascii: "*")] + part)[...]
    }
}
