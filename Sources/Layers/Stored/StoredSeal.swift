import Crypto

/// The frame around what is kept: what it is, in which version, and a hash, so that damage is told from content.
public enum StoredSeal {
    /// `payload` in its frame. `mark` names the kind and its version; it is short.
    public static func seal(_ payload: [UInt8], mark: String) -> [UInt8] {
        Array(mark.utf8) + SHA256.hash(data: Array(mark.utf8) + payload) + payload
    }

    /// What is in the frame; nil when it is another's, or damaged.
    public static func open(_ sealed: [UInt8], mark: String) -> [UInt8]? {
        let mark = Array(mark.utf8)
        guard sealed.count >= mark.count + SHA256Digest.byteCount, sealed.starts(with: mark) else { return nil }
        let hash = sealed[mark.count..<(mark.count + SHA256Digest.byteCount)]
        let payload = Array(sealed[(mark.count + SHA256Digest.byteCount)...])
        return SHA256.hash(data: mark + payload).elementsEqual(hash) ? payload : nil
    }
}
