public import Foundation
public import Tenancy

/// Names a ``Scan``.
public struct ScanID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// Names a ``StoredImage``.
public struct ImageID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// Names a ``StoredFinding``.
public struct FindingID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}
