/// SemVer 2, read leniently, as Go, npm, crates.io, Hex, Julia, SwiftURL and Bitnami need it.
///
/// A leading `v` or `=`, fewer or more than three numbers, and a prerelease without its dash (npm's loose form) are allowed. Numbers,
/// then a prerelease below its release; identifiers of digits by number and below others; build metadata does not count.
/// Source: semver.org 2.0.0, section 11.
public struct SemVerOrder: VersionOrder {
    /// A version, read.
    public struct Key: Sendable {
        let numbers: [ArraySlice<UInt8>]
        /// Empty for a release.
        let prerelease: [ArraySlice<UInt8>]
    }

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? { SemVerOrder.read(version) }

    static func read(_ version: ArraySlice<UInt8>) -> Key {
        var rest = version
        _ = rest.take(while: { $0 == UInt8(ascii: "=") || $0.isBlank })
        if rest.first == UInt8(ascii: "v") || rest.first == UInt8(ascii: "V") { rest = rest.dropFirst() }
        var numbers: [ArraySlice<UInt8>] = []
        numbers.reserveCapacity(4)
        while rest.first?.isDigit == true {
            numbers.append(rest.take(while: \.isDigit).withoutZeros)
            guard rest.first == UInt8(ascii: "."), rest.dropFirst().first?.isDigit == true else { break }
            rest = rest.dropFirst()
        }
        if let plus = rest.firstIndex(of: UInt8(ascii: "+")) { rest = rest[..<plus] }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: ".") { rest = rest.dropFirst() }
        return Key(numbers: numbers, prerelease: rest.isEmpty ? [] : rest.split(separator: UInt8(ascii: ".")))
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        let numbers = compareItems(left.numbers, right.numbers, padding: []) { $0.comparedAsNumber(to: $1) }
        if numbers != 0 { return numbers }
        switch (left.prerelease.isEmpty, right.prerelease.isEmpty) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        case (false, false): return SemVerOrder.comparePrereleases(left.prerelease, right.prerelease)
        }
    }

    private static func comparePrereleases(_ left: [ArraySlice<UInt8>], _ right: [ArraySlice<UInt8>]) -> Int {
        for (left, right) in zip(left, right) {
            let order =
                switch (left.isNumber, right.isNumber) {
                case (true, true): left.comparedAsNumber(to: right)
                case (true, false): -1
                case (false, true): 1
                case (false, false): left.comparedAsText(to: right)
                }
            if order != 0 { return order }
        }
        return left.count - right.count
    }
}
