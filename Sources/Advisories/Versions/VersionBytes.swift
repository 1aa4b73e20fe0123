// What the version orders share: bytes seen as digits, letters and numbers.

extension UInt8 {
    var isDigit: Bool { self &- 48 < 10 }

    var isLetter: Bool { (self | 0x20) &- 97 < 26 }

    var isLowerLetter: Bool { self &- 97 < 26 }

    var isBlank: Bool { self == 32 || self &- 9 < 5 }

    var lowered: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}

extension ArraySlice<UInt8> {
    /// Without white space at both ends.
    var trimmed: ArraySlice<UInt8> {
        var rest = self
        while let first = rest.first, first.isBlank { rest = rest.dropFirst() }
        while let last = rest.last, last.isBlank { rest = rest.dropLast() }
        return rest
    }

    /// Not empty and nothing but digits.
    var isNumber: Bool { !isEmpty && allSatisfy(\.isDigit) }

    /// Without leading zeros: empty for zero.
    var withoutZeros: ArraySlice<UInt8> { drop { $0 == 48 } }

    /// Compares two runs of digits as numbers of any length.
    func comparedAsNumber(to other: ArraySlice<UInt8>) -> Int {
        let left = withoutZeros
        let right = other.withoutZeros
        return left.count == right.count ? left.comparedAsText(to: right) : left.count - right.count
    }

    /// Compares byte by byte, the shorter first.
    func comparedAsText(to other: ArraySlice<UInt8>) -> Int {
        var right = other.startIndex
        for byte in self {
            guard right < other.endIndex else { return 1 }
            if byte != other[right] { return Int(byte) - Int(other[right]) }
            right += 1
        }
        return right < other.endIndex ? -1 : 0
    }

    /// Takes the bytes at the front that satisfy `condition`.
    mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = prefix(while: condition)
        self = self[taken.endIndex...]
        return taken
    }

    /// Takes `byte` from the front; false when something else stands there.
    mutating func take(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        self = dropFirst()
        return true
    }

    /// Takes `word` from the front; false when something else stands there.
    mutating func take(_ word: StaticString) -> Bool {
        let isThere = word.withUTF8Buffer { starts(with: $0) }
        if isThere { self = dropFirst(word.utf8CodeUnitCount) }
        return isThere
    }

    /// Whether it is exactly `word`.
    func equals(_ word: StaticString) -> Bool { word.withUTF8Buffer { elementsEqual($0) } }

    /// In lower case.
    var lowered: ArraySlice<UInt8> { contains { $0 &- 65 < 26 } ? map(\.lowered)[...] : self }
}

/// Compares two sequences item by item, the shorter one followed by as much `padding` as it takes.
func compareItems<Item>(
    _ left: [Item],
    _ right: [Item],
    padding: Item,
    by compare: (Item, Item) -> Int
) -> Int {
    for index in 0..<max(left.count, right.count) {
        let order = compare(
            index < left.count ? left[index] : padding,
            index < right.count ? right[index] : padding
        )
        if order != 0 { return order }
    }
    return 0
}
