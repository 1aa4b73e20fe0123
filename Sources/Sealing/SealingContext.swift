public import Foundation

/// What a sealed secret is bound to: it opens only where all of this is the same as when it was sealed.
public struct SealingContext: Sendable, Hashable {
    /// The organization that owns the credential.
    public let organization: UUID
    /// The credential's id.
    public let credential: UUID
    /// The registry kind, `harbor` for one.
    public let kind: String
    /// The secret's version, counted from 1.
    public let version: Int64

    /// The place of one secret.
    public init(organization: UUID, credential: UUID, kind: String, version: Int64) {
        self.organization = organization
        self.credential = credential
        self.kind = kind
        self.version = version
    }

    /// The additional data of one layer of the envelope. Every part has a fixed length or carries its own, so that no two
    /// contexts give the same bytes. Source: NIST SP 800-38D, section 8 leaves the encoding to the protocol.
    func additionalData(layer: Layer) -> [UInt8] {
        var data: [UInt8] = Array("pratique/credential.sealed/v1/".utf8)
        data.append(layer.label)
        withUnsafeBytes(of: organization.uuid) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: credential.uuid) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: version.bigEndian) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: kind.utf8.count).bigEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: kind.utf8)
        if case .dataKey(let keyID) = layer { data.append(contentsOf: keyID.utf8) }
        return data
    }

    enum Layer {
        /// The secret under its data key.
        case secret
        /// The data key under the root key of this id.
        case dataKey(wrappedBy: String)

        fileprivate var label: UInt8 {
            switch self {
            case .secret: 1
            case .dataKey: 2
            }
        }
    }
}
