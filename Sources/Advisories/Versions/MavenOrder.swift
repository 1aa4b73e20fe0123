/// Maven's order, ComparableVersion.
///
/// Tokens end at dots, dashes, and where digits and letters meet (which counts as a dash). Zeros and empty words at the end and
/// before a dash are dropped. A word after a dot is below a word after a dash, that below a number after a dash, and that below a
/// number after a dot; alpha < beta < milestone < rc = cr < snapshot < nothing = ga = final = release < sp < other words.
/// Source: maven.apache.org/pom.html, "Version Order Specification".
public struct MavenOrder: VersionOrder {
    /// A version as its tokens.
    public struct Key: Sendable {
        let tokens: [Token]
    }

    struct Token: Sendable {
        let followsDash: Bool
        /// A number without its zeros, or a word in lower case.
        let text: ArraySlice<UInt8>
        /// nil for a number.
        let rank: Int?

        /// Of words that nobody has ranked.
        static let otherRank = 8
        static let releaseRank = 6

        var isNull: Bool { text.isEmpty && (rank == nil || rank == Token.releaseRank) }
    }

    private static let ranks: [(word: StaticString, rank: Int)] = [
        ("alpha", 1), ("beta", 2), ("milestone", 3), ("rc", 4), ("cr", 4), ("snapshot", 5), ("", Token.releaseRank),
        ("ga", Token.releaseRank), ("final", Token.releaseRank), ("release", Token.releaseRank), ("sp", 7),
    ]
    /// Short words that count only where a number follows at once.
    private static let shortRanks: [(word: StaticString, rank: Int)] = [("a", 1), ("b", 2), ("m", 3)]

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var rest = version.lowered
        var tokens: [Token] = []
        var followsDash = false
        while true {
            tokens.append(MavenOrder.takeToken(&rest, followsDash: followsDash))
            guard let byte = rest.first else { break }
            followsDash = byte != UInt8(ascii: ".")
            if MavenOrder.separates(byte) { rest = rest.dropFirst() }
        }
        return Key(tokens: MavenOrder.withoutNulls(tokens))
    }

    private static func separates(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") }

    private static func takeToken(_ rest: inout ArraySlice<UInt8>, followsDash: Bool) -> Token {
        guard let byte = rest.first, !separates(byte) else {
            return Token(followsDash: followsDash, text: [], rank: nil)
        }
        if byte.isDigit {
            return Token(followsDash: followsDash, text: rest.take(while: \.isDigit).withoutZeros, rank: nil)
        }
        let word = rest.take { !$0.isDigit && !separates($0) }
        var known = ranks.first { word.equals($0.word) }
        if known == nil, rest.first?.isDigit == true { known = shortRanks.first { word.equals($0.word) } }
        // Words of one rank are equal, however they are spelled.
        return Token(followsDash: followsDash, text: known == nil ? word : [], rank: known?.rank ?? Token.otherRank)
    }

    private static func withoutNulls(_ tokens: [Token]) -> [Token] {
        var kept: [Token] = []
        // From the end to the start, so that what stands behind a token is known.
        for (index, token) in tokens.enumerated().reversed() {
            if index > 0, token.isNull, kept.last?.followsDash ?? true { continue }
            kept.append(token)
        }
        return kept.reversed()
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        for index in 0..<max(left.tokens.count, right.tokens.count) {
            let order =
                if index >= left.tokens.count {
                    -MavenOrder.compareWithNothing(right.tokens[index])
                } else if index >= right.tokens.count {
                    MavenOrder.compareWithNothing(left.tokens[index])
                } else {
                    MavenOrder.compareTokens(left.tokens[index], right.tokens[index])
                }
            if order != 0 { return order }
        }
        return 0
    }

    private static func compareWithNothing(_ token: Token) -> Int {
        guard let rank = token.rank else { return token.text.isEmpty ? 0 : 1 }
        return rank - Token.releaseRank
    }

    private static func compareTokens(_ left: Token, _ right: Token) -> Int {
        switch (left.rank, right.rank) {
        case (let leftRank?, let rightRank?):
            // Maven 3.9.1 ended this difference between words; the vectors of osv.dev keep it.
            guard left.followsDash == right.followsDash else { return left.followsDash ? 1 : -1 }
            return leftRank == rightRank ? left.text.comparedAsText(to: right.text) : leftRank - rightRank
        case (nil, _?): return 1
        case (_?, nil): return -1
        case (nil, nil):
            guard left.followsDash == right.followsDash else { return left.followsDash ? -1 : 1 }
            return left.text.comparedAsNumber(to: right.text)
        }
    }
}
