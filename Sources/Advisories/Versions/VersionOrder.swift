/// How the versions of one ecosystem compare.
///
/// A version is read once into a ``Key``; keys compare without reading text again. Keys of different orders must not meet.
/// Nothing here recurses, and numbers of any length compare exactly.
public protocol VersionOrder: Sendable {
    /// A version, read.
    associatedtype Key: Sendable

    /// Reads `version`, which is at most ``VersionText/maximumLength`` bytes long; nil when the order refuses it.
    func parse(_ version: ArraySlice<UInt8>) -> Key?

    /// Below 0 when `left` is older, 0 when neither is, above 0 when `left` is newer.
    func compare(_ left: Key, _ right: Key) -> Int

    /// Whether `version` keeps the ecosystem's own grammar, which an order may be more lenient than.
    func accepts(_ version: ArraySlice<UInt8>) -> Bool
}

/// Limits on the text of a version.
public enum VersionText {
    /// In bytes. The longest version in osv.dev's data has about 200.
    public static let maximumLength = 1_024
}

extension VersionOrder {
    /// Whether `version` can be read at all.
    public func accepts(_ version: ArraySlice<UInt8>) -> Bool { key(version) != nil }

    /// Reads `version`; nil when it is empty, too long or refused.
    public func key(_ version: ArraySlice<UInt8>) -> Key? {
        guard version.count <= VersionText.maximumLength else { return nil }
        let trimmed = version.trimmed
        return trimmed.isEmpty ? nil : parse(trimmed)
    }

    /// Compares two texts; nil when either is refused.
    public func compare(_ left: String, _ right: String) -> Int? {
        guard let left = key(Array(left.utf8)[...]), let right = key(Array(right.utf8)[...]) else { return nil }
        return compare(left, right)
    }
}
