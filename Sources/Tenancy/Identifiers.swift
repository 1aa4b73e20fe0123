public import Foundation

/// An id that says in its type what it names. The text form is a lowercase UUID.
public protocol Identifier: Sendable, Hashable, CustomStringConvertible {
    /// The UUID itself.
    var uuid: UUID { get }
    /// Wraps `uuid`.
    init(_ uuid: UUID)
}

extension Identifier {
    /// A new id, sortable by the time it was made (UUID version 7).
    public init() { self.init(UUID.version7()) }

    /// Parses a UUID in its usual text form; nil for anything else.
    public init?(_ raw: some StringProtocol) {
        guard let uuid = UUID(text: String(raw)) else { return nil }
        self.init(uuid)
    }

    /// The lowercase text form.
    public var description: String { uuid.lowercasedText }
}

/// Names an ``Organization``.
public struct OrganizationID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// Names a ``Project``.
public struct ProjectID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// Names a ``User``.
public struct UserID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// Names an ``APIKey``.
public struct APIKeyID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

extension UUID {
    /// A UUID of version 7: 48 bits of Unix milliseconds, then 74 random bits, so that new rows land at the end of an index.
    /// Source: RFC 9562, section 5.7.
    public static func version7(now: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, now.timeIntervalSince1970 * 1000))
        var random: (UInt64, UInt64) = (0, 0)
        // Both at once: the standard library's generator asks the kernel for every number.
        if withUnsafeMutableBytes(of: &random, { getentropy($0.baseAddress, $0.count) }) != 0 {
            random = (.random(in: .min ... .max), .random(in: .min ... .max))
        }
        func byte(_ value: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> (8 * index)) }
        return UUID(
            uuid: (
                byte(milliseconds, 5), byte(milliseconds, 4), byte(milliseconds, 3),
                byte(milliseconds, 2), byte(milliseconds, 1), byte(milliseconds, 0),
                0x70 | byte(random.0, 0) & 0x0F, byte(random.0, 1),
                0x80 | byte(random.1, 0) & 0x3F, byte(random.1, 1), byte(random.1, 2), byte(random.1, 3),
                byte(random.1, 4), byte(random.1, 5), byte(random.1, 6), byte(random.1, 7)
            )
        )
    }
}
