import Crypto
import Foundation

/// The name of a root key: the first 8 bytes of HMAC-SHA256(key, "pratique root key id"), as 16 hexadecimal digits.
///
/// It follows from the key, so that every node that holds the key calls it the same, and a wrong key is seen by its name.
public struct RootKeyID: Sendable, Hashable, CustomStringConvertible {
    /// 16 lowercase hexadecimal digits.
    public let description: String

    /// Parses 16 lowercase hexadecimal digits; nil for anything else.
    public init?(_ raw: String) {
        guard raw.utf8.count == 16, raw.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        description = raw
    }

    init(bytes: some Sequence<UInt8>) {
        description = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    var bytes: [UInt8] {
        var rest = Array(description.utf8)[...]
        var result: [UInt8] = []
        while !rest.isEmpty {
            result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return result
    }
}

/// A key of 32 bytes that wraps the data keys of credentials.
///
/// Its text form is one line of base64 (or 64 hexadecimal digits).
public struct RootKey: Sendable {
    /// Length in bytes.
    public static let size = 32

    /// The name that envelopes carry.
    public let id: RootKeyID
    let wrapping: SymmetricKey
    private let secret: Secret

    /// Checks the bytes of a key. Throws ``SealingError/Code/invalidRootKey`` for a wrong length, the all-zero key, and keys
    /// that no random generator would give: few different bytes, a counting sequence, or printable text.
    public init(_ secret: Secret) throws(SealingError) {
        if let weakness = secret.withBytes(RootKey.weakness) {
            throw SealingError(
                .invalidRootKey,
                "the root key \(weakness); make one with: head -c 32 /dev/urandom | base64"
            )
        }
        self.secret = secret
        wrapping = secret.withBytes { SymmetricKey(data: $0) }
        let name = HMAC<SHA256>.authenticationCode(for: Array("pratique root key id".utf8), using: wrapping)
        id = RootKeyID(bytes: name.prefix(8))
    }

    /// A new key from the system's random generator.
    public static func random() throws(SealingError) -> RootKey {
        try RootKey(.random(count: size))
    }

    /// Parses one key's text form; surrounding white space is ignored.
    public init(text: some StringProtocol) throws(SealingError) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let hex = RootKey.bytes(hex: trimmed) {
            try self.init(Secret(hex))
        } else if var decoded = Data(base64Encoded: trimmed) {
            defer { decoded.resetBytes(in: 0..<decoded.count) }
            try self.init(Secret(decoded))
        } else {
            throw SealingError(.invalidRootKey, "the root key is neither base64 nor hexadecimal")
        }
    }

    /// Lends the text form (base64 with a newline) for writing a key file.
    public func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let text = secret.withBytes { Secret(Data($0).base64EncodedData() + Data("\n".utf8)) }
        return try text.withBytes(body)
    }

    private static func weakness(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count == size else { return "has \(bytes.count) bytes instead of \(size)" }
        if bytes.allSatisfy({ $0 == 0 }) { return "is all zeros" }
        // 32 random bytes hold about 30 different values; fewer than 20 happens once in 10^12 keys.
        if Set(bytes).count < 20 { return "has too little entropy (few different bytes)" }
        let steps = zip(bytes, bytes.dropFirst()).map { $1 &- $0 }
        if Set(steps).count < 8 { return "has too little entropy (a regular sequence)" }
        if bytes.allSatisfy({ (32...126).contains($0) }) { return "has too little entropy (it is printable text)" }
        return nil
    }

    private static func bytes(hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        // UInt8's own parser also takes a sign.
        guard digits.count == size * 2, hex.allSatisfy(\.isHexDigit) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}

extension RootKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key's id; never its bytes.
    public var description: String { "root key \(id)" }
    /// The key's id; never its bytes.
    public var debugDescription: String { description }
    /// A mirror that shows the id only.
    public var customMirror: Mirror { Mirror(self, children: ["id": id.description]) }
}
