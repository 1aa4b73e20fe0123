/// What a registry wants to see before it answers: a scheme and its parameters. Source: RFC 9110, section 11.6.1.
public struct AuthenticationChallenge: Sendable, Hashable {
    /// `bearer`, `basic`, …, lower-case.
    public let scheme: String
    /// By lower-case name, unquoted; the first of a name counts.
    public let parameters: [String: String]

    /// The challenges in all values of `WWW-Authenticate`, in order. Several may stand in one value, separated by the same comma as
    /// parameters are. What is not readable is passed over. At most 16 are read, of at most 16 KiB in all.
    public static func challenges(in values: [String]) -> [AuthenticationChallenge] {
        var found: [AuthenticationChallenge] = []
        var room = 16 << 10
        for value in values {
            guard value.utf8.count <= room else { break }
            room -= value.utf8.count
            var reader = ChallengeReader(value)
            found += reader.challenges()
        }
        return Array(found.prefix(16))
    }

    /// The rights that it names in `scope`, if any; unreadable ones are left out.
    public var scopes: [TokenScope] {
        (parameters["scope"] ?? "").split(separator: " ").prefix(16).compactMap { TokenScope(String($0)) }
    }
}

/// Reads one header value from left to right, and never fails: it passes over what it does not know.
private struct ChallengeReader {
    private var rest: ArraySlice<UInt8>

    init(_ value: String) { rest = Array(value.utf8)[...] }

    mutating func challenges() -> [AuthenticationChallenge] {
        var found: [AuthenticationChallenge] = []
        var scheme: String?
        var parameters: [String: String] = [:]
        func finished() -> [AuthenticationChallenge] {
            scheme.map { [AuthenticationChallenge(scheme: $0, parameters: parameters)] } ?? []
        }
        while !rest.isEmpty {
            let word = token()
            guard !word.isEmpty else {
                // A comma, a blank, or junk; a quoted string as a whole, so that its commas are not taken for separators.
                if rest.first == UInt8(ascii: "\"") { _ = quoted() } else { rest.removeFirst() }
                continue
            }
            let afterWord = rest
            skipBlanks()
            if scheme != nil, rest.first == UInt8(ascii: "=") {
                rest.removeFirst()
                skipBlanks()
                let value = rest.first == UInt8(ascii: "\"") ? quoted() : token()
                if parameters[word.lowercased()] == nil, parameters.count < 32 { parameters[word.lowercased()] = value }
            } else {
                rest = afterWord
                found += finished()
                (scheme, parameters) = (word.lowercased(), [:])
            }
        }
        return found + finished()
    }

    private mutating func skipBlanks() {
        while let byte = rest.first, byte == 32 || byte == 9 { rest.removeFirst() }
    }

    private mutating func token() -> String {
        let word = rest.prefix(while: ChallengeReader.isTokenByte)
        rest = rest.dropFirst(word.count)
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func quoted() -> String {
        rest.removeFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                if let escaped = rest.popFirst() { value.append(escaped) }
            } else {
                value.append(byte)
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// RFC 9110, section 5.6.2, and what servers write without the quotes they need: `:` and `/` of URLs and scopes.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || marks.contains(byte)
    }

    private static let marks = Set("!#$%&'*+-.^_`|~:/@".utf8)
}
