/// Red Hat's, SUSE's and their families' order: `[epoch:]version[-release]`, each part by rpmvercmp.
///
/// Runs of digits and of letters; a number beats letters; `~` lowers, `^` raises over the bare version but not over more text;
/// all other characters only separate. Source: rpm-version(7).
public struct RpmOrder: VersionOrder {
    /// A version in its three parts.
    public struct Key: Sendable {
        let epoch: ArraySlice<UInt8>
        let version: ArraySlice<UInt8>
        let release: ArraySlice<UInt8>?
    }

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var rest = version
        var epoch = version.prefix(0)
        if let colon = version.firstIndex(of: UInt8(ascii: ":")), version[..<colon].isNumber {
            epoch = version[..<colon]
            rest = version[(colon + 1)...]
        }
        guard let dash = rest.lastIndex(of: UInt8(ascii: "-")) else {
            return Key(epoch: epoch, version: rest, release: nil)
        }
        return Key(epoch: epoch, version: rest[..<dash], release: rest[(dash + 1)...])
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        let epochs = left.epoch.comparedAsNumber(to: right.epoch)
        if epochs != 0 { return epochs }
        let versions = RpmOrder.compareParts(left.version, right.version)
        if versions != 0 { return versions }
        switch (left.release, right.release) {
        case (let left?, let right?): return RpmOrder.compareParts(left, right)
        case (nil, nil): return 0
        case (nil, _): return -1
        case (_, nil): return 1
        }
    }

    private static let tilde = UInt8(ascii: "~")
    private static let caret = UInt8(ascii: "^")

    private static func separates(_ byte: UInt8) -> Bool {
        !byte.isDigit && !byte.isLetter && byte != tilde && byte != caret
    }

    private static func compareParts(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var left = left
        var right = right
        while true {
            left = left.drop(while: separates)
            right = right.drop(while: separates)
            switch (left.take(tilde), right.take(tilde)) {
            case (true, true): continue
            case (true, false): return -1
            case (false, true): return 1
            case (false, false): break
            }
            switch (left.first == caret, right.first == caret) {
            case (true, true):
                left = left.dropFirst()
                right = right.dropFirst()
                continue
            case (true, false): return right.isEmpty ? 1 : -1
            case (false, true): return left.isEmpty ? -1 : 1
            case (false, false): break
            }
            guard let first = left.first, let other = right.first else {
                return left.isEmpty ? (right.isEmpty ? 0 : -1) : 1
            }
            guard first.isDigit == other.isDigit else { return first.isDigit ? 1 : -1 }
            let order =
                first.isDigit
                ? left.take(while: \.isDigit).comparedAsNumber(to: right.take(while: \.isDigit))
                : left.take(while: \.isLetter).comparedAsText(to: right.take(while: \.isLetter))
            if order != 0 { return order }
        }
    }
}
