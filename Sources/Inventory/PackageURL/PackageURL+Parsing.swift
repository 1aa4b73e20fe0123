extension PackageURL {
    /// Parses a package URL, canonical or not.
    ///
    /// Source: purl-spec, "How to parse a PURL string in its components": from the right, subpath first.
    public init(_ raw: some StringProtocol) throws(ValidationError) {
        var rest = String(raw)[...]
        let subpath = PackageURL.cut(&rest, atLast: "#")
        let query = PackageURL.cut(&rest, atLast: "?")
        guard let colon = rest.firstIndex(of: ":"), rest[..<colon].lowercased() == "pkg" else {
            throw ValidationError("a package URL begins with pkg:")
        }
        rest = rest[rest.index(after: colon)...].drop { $0 == "/" }
        guard let slash = rest.firstIndex(of: "/") else {
            throw ValidationError("a package URL needs a type and a name")
        }
        let type = String(rest[..<slash])
        rest = rest[rest.index(after: slash)...]
        // A scope written as it is (`@babel/core`) is no version.
        let lastSlash = rest.lastIndex(of: "/")
        var version: Substring?
        if let at = rest.lastIndex(of: "@"), lastSlash.map({ at > $0 }) ?? true {
            version = rest[rest.index(after: at)...]
            rest = rest[..<at]
        }
        let parts = rest.split(separator: "/")
        guard let name = parts.last else { throw ValidationError("a package URL needs a type and a name") }
        var namespace: [String] = []
        for part in parts.dropLast() { namespace.append(try PackageURL.decodedSegment(part)) }
        var path: [String] = []
        for part in (subpath ?? "").split(separator: "/") { path.append(try PackageURL.decodedSegment(part)) }
        try self.init(
            type: type,
            namespace: namespace.joined(separator: "/"),
            name: PackageURL.decoded(name),
            version: version.map { part throws(ValidationError) in try PackageURL.decoded(part) },
            qualifiers: PackageURL.qualifiers(in: query ?? ""),
            subpath: path.joined(separator: "/")
        )
    }

    /// All but letters, digits, `.-_~` and the colon becomes `%XX`.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func segments(of text: String) -> [String] { text.split(separator: "/").map(String.init) }

    static func trimmingSlashes(_ text: String) -> String {
        var text = text[...]
        while text.first == "/" { text = text.dropFirst() }
        while text.last == "/" { text = text.dropLast() }
        return String(text)
    }

    static func isType(_ type: String) -> Bool {
        guard let first = type.utf8.first, isLowerLetter(first) else { return false }
        return type.utf8.allSatisfy {
            isLowerLetter($0) || isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }

    static func isQualifierKey(_ key: String) -> Bool {
        guard let first = key.utf8.first, isLowerLetter(first) else { return false }
        return key.utf8.allSatisfy { isLowerLetter($0) || isDigit($0) || ".-_".utf8.contains($0) }
    }

    private static func cut(_ rest: inout Substring, atLast mark: Character) -> Substring? {
        guard let index = rest.lastIndex(of: mark) else { return nil }
        defer { rest = rest[..<index] }
        return rest[rest.index(after: index)...]
    }

    private static func qualifiers(in query: Substring) throws(ValidationError) -> [String: String] {
        var found: [String: String] = [:]
        for pair in query.split(separator: "&") {
            guard let equals = pair.firstIndex(of: "=") else { throw ValidationError("a qualifier is key=value") }
            let value = try decoded(pair[pair.index(after: equals)...])
            guard found.updateValue(value, forKey: pair[..<equals].lowercased()) == nil else {
                throw ValidationError("a qualifier stands twice")
            }
        }
        return found
    }

    private static func decodedSegment(_ part: Substring) throws(ValidationError) -> String {
        let text = try decoded(part)
        guard !text.contains("/") else { throw ValidationError("a segment must not hold an encoded slash") }
        return text
    }

    private static func decoded(_ text: Substring) throws(ValidationError) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                throw ValidationError("% is followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ValidationError("what is percent-encoded must be UTF-8")
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        isLowerLetter(byte | 0x20) && byte < 0x80 && byte >= 0x41 || isDigit(byte) || ".-_~:".utf8.contains(byte)
    }

    private static func isLowerLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
