/// Debian's and Ubuntu's order: `[epoch:]upstream[-revision]`.
///
/// Alternating runs of non-digits and digits; `~` comes before everything, even the end; letters before other characters.
/// Source: deb-version(7).
public struct DpkgOrder: VersionOrder {
    /// A version in its three parts.
    public struct Key: Sendable {
        let epoch: ArraySlice<UInt8>
        let upstream: ArraySlice<UInt8>
        let revision: ArraySlice<UInt8>
    }

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        var upstream = version
        var epoch = version.prefix(0)
        if let colon = version.firstIndex(of: UInt8(ascii: ":")), version[..<colon].isNumber {
            epoch = version[..<colon]
            upstream = version[(colon + 1)...]
        }
        var revision = version.suffix(0)
        if let dash = upstream.lastIndex(of: UInt8(ascii: "-")) {
            revision = upstream[(dash + 1)...]
            upstream = upstream[..<dash]
        }
        return Key(epoch: epoch, upstream: upstream, revision: revision)
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        let epochs = left.epoch.comparedAsNumber(to: right.epoch)
        if epochs != 0 { return epochs }
        let upstreams = DpkgOrder.compareParts(left.upstream, right.upstream)
        // A missing revision equals 0, as the empty run of digits does.
        return upstreams != 0 ? upstreams : DpkgOrder.compareParts(left.revision, right.revision)
    }

    private static func compareParts(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var left = left
        var right = right
        while !left.isEmpty || !right.isEmpty {
            while left.first.map({ !$0.isDigit }) ?? false || right.first.map({ !$0.isDigit }) ?? false {
                let order = weight(left.first) - weight(right.first)
                // Equal weights here are equal characters, so that both sides have one to drop.
                if order != 0 { return order }
                left = left.dropFirst()
                right = right.dropFirst()
            }
            let order = left.take(while: \.isDigit).comparedAsNumber(to: right.take(while: \.isDigit))
            if order != 0 { return order }
        }
        return 0
    }

    private static func weight(_ byte: UInt8?) -> Int {
        guard let byte, !byte.isDigit else { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        return byte.isLetter ? Int(byte) : Int(byte) + 256
    }
}
