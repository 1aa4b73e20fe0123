extension ImageReference {
    /// Whether `text` is a repository's path: components of lower-case letters and digits, with single `.`, one or two `_` or any
    /// number of `-` between, at most 255 bytes in all.
    public static func isRepository(_ text: some StringProtocol) -> Bool {
        guard (1...255).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { isPathComponent(Array($0)) }
    }

    /// Whether `text` is a tag: a letter, digit or `_`, then up to 127 of these or `.` or `-`.
    public static func isTag(_ text: some StringProtocol) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first, isWord(first) else { return false }
        return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    static func checkPath(_ path: String) throws(ValidationError) {
        guard !path.isEmpty else { throw ValidationError("has no repository") }
        guard path.utf8.count <= 255 else { throw ValidationError("has a repository of more than 255 characters") }
        guard !path.utf8.contains(where: { (65...90).contains($0) }) else {
            throw ValidationError("must have its repository in lower case")
        }
        guard isRepository(path) else { throw ValidationError("has a repository with characters that none may have") }
    }

    /// 64 lower-case hexadecimal digits and nothing else: what `docker images -q --no-trunc` prints.
    static func isIdentifier(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// What stands before the first slash is a host if it looks like one: with a dot, a colon or a capital, or `localhost`.
    static func splitHost(_ text: Substring) -> (host: Substring?, path: Substring) {
        guard let slash = text.firstIndex(of: "/") else { return (nil, text) }
        let first = text[..<slash]
        let isHost =
            first.contains(".") || first.contains(":") || first == "localhost"
            || first.utf8.contains { (65...90).contains($0) }
        return isHost ? (first, text[text.index(after: slash)...]) : (nil, text)
    }

    static func normalizedHost(_ host: Substring?) throws(ValidationError) -> String {
        guard let host else { return dockerHub }
        let lowered = host.lowercased()
        guard isHost(lowered[...]) else { throw ValidationError("has a bad host") }
        // A host that only its capitals tell from a namespace keeps them, or its name would mean another registry once printed.
        guard lowered.contains(".") || lowered.contains(":") || lowered == "localhost" else { return String(host) }
        return lowered == "index.docker.io" ? dockerHub : lowered
    }

    private static func isHost(_ text: Substring) -> Bool {
        var name = text
        var port: Substring?
        if text.first == "[" {
            guard let bracket = text.firstIndex(of: "]") else { return false }
            name = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.first == ":" else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard (2...45).contains(name.utf8.count), name.contains(":"),
                name.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return false }
        } else {
            if let colon = text.firstIndex(of: ":") {
                name = text[..<colon]
                port = text[text.index(after: colon)...]
            }
            let labels = name.split(separator: ".", omittingEmptySubsequences: false)
            guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else { return false }
        }
        guard let port else { return true }
        guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy(isDigit), let number = Int(port) else {
            return false
        }
        return (1...65_535).contains(number)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { isDigit($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isPathComponent(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isLowerAlphanumeric(first), isLowerAlphanumeric(last)
        else {
            return false
        }
        var separator: [UInt8] = []
        for byte in bytes {
            if isLowerAlphanumeric(byte) {
                guard isSeparator(separator) else { return false }
                separator = []
            } else {
                separator.append(byte)
            }
        }
        return true
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes == Array(".".utf8) || bytes == Array("_".utf8) || bytes == Array("__".utf8)
            || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || (97...122).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (97...102).contains(byte) }
}
