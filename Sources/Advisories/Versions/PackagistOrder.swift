/// Packagist's order: PHP's version_compare, after a leading `v` is dropped.
///
/// Other words < dev < alpha = a < beta = b < RC = rc < a number < pl = p. Source: php.net/version_compare.
public struct PackagistOrder: VersionOrder {
    /// A version as its parts.
    public struct Key: Sendable {
        let parts: [ArraySlice<UInt8>]
    }

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var rest = version
        if rest.first == UInt8(ascii: "v") || rest.first == UInt8(ascii: "V") { rest = rest.dropFirst() }
        var parts: [ArraySlice<UInt8>] = []
        while let byte = rest.first {
            if byte.isDigit {
                parts.append(rest.take(while: \.isDigit))
            } else if PackagistOrder.separates(byte) {
                rest = rest.dropFirst()
            } else {
                parts.append(rest.take { !$0.isDigit && !PackagistOrder.separates($0) })
            }
        }
        return Key(parts: parts)
    }

    private static func separates(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+")
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        for (left, right) in zip(left.parts, right.parts) {
            let order =
                left.isNumber && right.isNumber
                ? left.comparedAsNumber(to: right) : PackagistOrder.rank(left) - PackagistOrder.rank(right)
            if order != 0 { return order }
        }
        let common = min(left.parts.count, right.parts.count)
        if left.parts.count > common { return PackagistOrder.rest(left.parts[common...]) }
        if right.parts.count > common { return -PackagistOrder.rest(right.parts[common...]) }
        return 0
    }

    /// How more parts compare with the end: a number makes it newer, a word is held against a number.
    private static func rest(_ parts: ArraySlice<ArraySlice<UInt8>>) -> Int {
        for part in parts {
            if part.isNumber { return 1 }
            let order = rank(part) - numberRank
            if order != 0 { return order }
        }
        return 0
    }

    private static let numberRank = 4
    private static let words: [(word: StaticString, rank: Int)] = [
        ("dev", 0), ("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("RC", 3), ("rc", 3), ("#", numberRank), ("pl", 5),
        ("p", 5),
    ]

    /// Words are known by how they begin, as in PHP.
    private static func rank(_ part: ArraySlice<UInt8>) -> Int {
        if part.isNumber { return numberRank }
        for (word, rank) in words where word.withUTF8Buffer({ part.starts(with: $0) }) { return rank }
        return -1
    }
}
