/// RubyGems' order: runs of digits and of letters, letters below numbers, zeros at the end of either half dropped.
///
/// A dash starts a prerelease. Source: the documentation of Gem::Version.
public struct RubyGemsOrder: VersionOrder {
    /// A version as its segments.
    public struct Key: Sendable {
        let segments: [ArraySlice<UInt8>]
    }

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var rest = version
        if rest.first == UInt8(ascii: "v"), rest.dropFirst().first?.isDigit == true { rest = rest.dropFirst() }
        var numbers: [ArraySlice<UInt8>] = []
        var words: [ArraySlice<UInt8>] = []
        while let byte = rest.first {
            if byte.isDigit {
                let number = rest.take(while: \.isDigit).withoutZeros
                if words.isEmpty { numbers.append(number) } else { words.append(number) }
            } else if byte.isLetter {
                words.append(rest.take(while: \.isLetter))
            } else {
                if byte == UInt8(ascii: "-") { words.append(RubyGemsOrder.prerelease) }
                rest = rest.dropFirst()
            }
        }
        while numbers.last?.isEmpty == true { numbers.removeLast() }
        while words.last?.isEmpty == true { words.removeLast() }
        return Key(segments: numbers + words)
    }

    private static let prerelease = Array("pre".utf8)[...]

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        // An empty segment is the number 0.
        compareItems(left.segments, right.segments, padding: []) { left, right in
            switch (left.first?.isLetter ?? false, right.first?.isLetter ?? false) {
            case (true, true): left.comparedAsText(to: right)
            case (true, false): -1
            case (false, true): 1
            case (false, false): left.comparedAsNumber(to: right)
            }
        }
    }
}
