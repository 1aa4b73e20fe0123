/// Alpine's, Wolfi's and Chainguard's order: `digits(.digits)*[letter](_suffix[n])*[~hash][-rN]`.
///
/// Suffixes: alpha, beta, pre, rc, (none), cvs, svn, git, hg, p. Where a component after the first has a leading zero, both
/// compare as text (Gentoo's rule). Versions outside this grammar are compared as far as they keep to it; ``accepts(_:)`` tells
/// them apart. Source: apk-tools, doc/apk-package.5 and its test/unit/version.data.
public struct ApkOrder: VersionOrder {
    /// A version as a sequence of parts.
    public struct Key: Sendable {
        let parts: [Part]
    }

    struct Part: Sendable {
        /// Later kinds come from shorter versions: where kinds differ, the later one is older.
        enum Kind: Int, Sendable { case first, digits, letter, suffix, suffixNumber, hash, revision, end, invalid }
        let kind: Kind
        /// Digits, a letter or a hash.
        var text: ArraySlice<UInt8>
        /// Of a suffix: below 0 when it marks something before the release.
        var rank = 0
    }

    private static let suffixes: [(name: StaticString, rank: Int)] = [
        ("alpha", -4), ("beta", -3), ("pre", -2), ("rc", -1), ("cvs", 1), ("svn", 2), ("git", 3), ("hg", 4), ("p", 5),
    ]

    /// The order.
    public init() {}

    /// Whether `version` keeps apk's grammar.
    public func accepts(_ version: ArraySlice<UInt8>) -> Bool {
        guard let key = key(version), version.first?.isDigit == true else { return false }
        return key.parts.last?.kind == .end
    }

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var rest = version
        var parts = [Part(kind: .first, text: rest.take(while: \.isDigit))]
        while true {
            let next = ApkOrder.next(&rest, after: parts[parts.count - 1].kind)
            parts.append(next)
            if next.kind.rawValue >= Part.Kind.end.rawValue { return Key(parts: parts) }
        }
    }

    private static func next(_ rest: inout ArraySlice<UInt8>, after previous: Part.Kind) -> Part {
        guard let byte = rest.first else { return Part(kind: .end, text: rest) }
        let invalid = Part(kind: .invalid, text: rest)
        switch byte {
        case UInt8(ascii: "."):
            guard previous.rawValue <= Part.Kind.digits.rawValue, rest.dropFirst().first?.isDigit == true else { break }
            rest = rest.dropFirst()
            return Part(kind: .digits, text: rest.take(while: \.isDigit))
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            guard previous.rawValue <= Part.Kind.digits.rawValue else { break }
            let letter = rest.prefix(1)
            rest = rest.dropFirst()
            return Part(kind: .letter, text: letter)
        case UInt8(ascii: "_"):
            guard previous.rawValue <= Part.Kind.suffixNumber.rawValue else { break }
            rest = rest.dropFirst()
            let name = rest.take(while: \.isLowerLetter)
            guard let suffix = suffixes.first(where: { name.equals($0.name) }) else { break }
            return Part(kind: .suffix, text: name, rank: suffix.rank)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            // OpenSMTPD's 6.6.2p1: a number behind a letter, which the grammar does not know and packages have.
            guard previous == .suffix || previous == .letter else { break }
            return Part(kind: .suffixNumber, text: rest.take(while: \.isDigit))
        case UInt8(ascii: "~"):
            guard previous.rawValue < Part.Kind.hash.rawValue else { break }
            rest = rest.dropFirst()
            let hash = rest.take { $0.isDigit || ($0.isLowerLetter && $0 <= UInt8(ascii: "f")) }
            return hash.isEmpty ? invalid : Part(kind: .hash, text: hash)
        case UInt8(ascii: "-"):
            guard previous.rawValue < Part.Kind.revision.rawValue, rest.take("-r") else { break }
            let number = rest.take(while: \.isDigit)
            return number.isEmpty ? invalid : Part(kind: .revision, text: number)
        default: break
        }
        return invalid
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        for (left, right) in zip(left.parts, right.parts) {
            guard left.kind == right.kind else { return ApkOrder.compareKinds(left, right) }
            let order = ApkOrder.compareParts(left, right)
            if order != 0 { return order }
        }
        return 0
    }

    private static func compareKinds(_ left: Part, _ right: Part) -> Int {
        if left.kind == .suffix, left.rank < 0 { return -1 }
        if right.kind == .suffix, right.rank < 0 { return 1 }
        return right.kind.rawValue - left.kind.rawValue
    }

    private static func compareParts(_ left: Part, _ right: Part) -> Int {
        switch left.kind {
        case .first, .suffixNumber, .revision: return left.text.comparedAsNumber(to: right.text)
        case .digits:
            let zero = UInt8(ascii: "0")
            guard left.text.first == zero || right.text.first == zero else {
                return left.text.comparedAsNumber(to: right.text)
            }
            return left.text.comparedAsText(to: right.text)
        case .letter, .hash: return left.text.comparedAsText(to: right.text)
        case .suffix: return left.rank - right.rank
        case .end, .invalid: return 0
        }
    }
}
