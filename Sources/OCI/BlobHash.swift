import Crypto

/// A digest in the making: of a blob while it passes.
public struct BlobHash: Sendable {
    // Two optionals and no enumeration: a payload that is taken out to be changed is copied, at each call.
    private var sha256: SHA256?
    private var sha512: SHA512?

    /// Of nothing yet.
    public init(_ algorithm: Digest.Algorithm) {
        switch algorithm {
        case .sha256: sha256 = SHA256()
        case .sha512: sha512 = SHA512()
        }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256?.update(bufferPointer: bytes)
        sha512?.update(bufferPointer: bytes)
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Of all bytes so far.
    public var digest: Digest {
        sha512.map { Digest($0.finalize()) } ?? Digest((sha256 ?? SHA256()).finalize())
    }
}

extension Digest {
    /// What `bytes` hash to.
    public init(of bytes: [UInt8], _ algorithm: Algorithm = .sha256) {
        self = algorithm == .sha512 ? Digest(SHA512.hash(data: bytes)) : Digest(SHA256.hash(data: bytes))
    }
}
