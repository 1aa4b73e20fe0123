import Crypto

/// A digest in the making.
public struct BlobHash: Sendable {
    private enum Function: Sendable {
        case sha256(SHA256)
        case sha512(SHA512)
    }

    private var function: Function

    /// Of nothing yet.
    public init(_ algorithm: Digest.Algorithm) {
        function = algorithm == .sha512 ? .sha512(SHA512()) : .sha256(SHA256())
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        switch function {
        case .sha256(var hash):
            hash.update(data: bytes)
            function = .sha256(hash)
        case .sha512(var hash):
            hash.update(data: bytes)
            function = .sha512(hash)
        }
    }

    /// Of all bytes so far.
    public var digest: Digest {
        switch function {
        case .sha256(let hash): Digest(hash.finalize())
        case .sha512(let hash): Digest(hash.finalize())
        }
    }
}

extension Digest {
    /// What `bytes` hash to.
    public init(of bytes: [UInt8], _ algorithm: Algorithm = .sha256) {
        self = algorithm == .sha512 ? Digest(SHA512.hash(data: bytes)) : Digest(SHA256.hash(data: bytes))
    }
}
