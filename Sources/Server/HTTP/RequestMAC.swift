import Crypto
import Foundation
import Sealing

/// A keyed hash of a request, to tell whether a repeated `Idempotency-Key` came with the same request. It is keyed by the root
/// keys: a plain hash in the database would let a thief of it try guesses at a weak secret.
struct RequestMAC: Sendable {
    private let keys: [SymmetricKey]

    init(keyring: Keyring) {
        keys = keyring.ids.compactMap { keyring.derivedKey(for: "pratique request hash", from: $0) }
    }

    /// One code for each root key, the active one's first: after a rotation an older request is still recognized.
    func codes(method: String, path: String, body: Data) -> [[UInt8]] {
        keys.map { key in
            var mac = HMAC<SHA256>(key: key)
            mac.update(data: Data("\(method) \(path)\n".utf8))
            mac.update(data: body)
            return Array(mac.finalize())
        }
    }
}
