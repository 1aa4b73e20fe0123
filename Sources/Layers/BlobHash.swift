import Crypto
import OCI

/// The hash of a blob while it passes.
struct BlobHash {
    // Two optionals and no enumeration: a payload that is taken out to be changed is copied, at each call.
    private var sha256: SHA256?
    private var sha512: SHA512?

    init(_ algorithm: OCI.Digest.Algorithm) {
        switch algorithm {
        case .sha256: sha256 = SHA256()
        case .sha512: sha512 = SHA512()
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256?.update(bufferPointer: bytes)
        sha512?.update(bufferPointer: bytes)
    }

    func finalize() -> OCI.Digest {
        sha512.map { OCI.Digest($0.finalize()) } ?? OCI.Digest((sha256 ?? SHA256()).finalize())
    }
}
