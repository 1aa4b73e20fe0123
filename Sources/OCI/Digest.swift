public import Crypto

/// The name of a blob by its content: `sha256:` and 64 lower-case hexadecimal digits, or `sha512:` and 128.
///
/// Source: OCI image specification 1.1, descriptor.md, "Digests".
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The hash function.
    public enum Algorithm: String, Sendable {
        /// 64 hexadecimal digits.
        case sha256
        /// 128 hexadecimal digits.
        case sha512

        var hexadecimalLength: Int { self == .sha256 ? 64 : 128 }
    }

    /// The hash function.
    public let algorithm: Algorithm
    /// Lower-case digits.
    public let hexadecimal: String

    /// Parses `algorithm:digits`. The error repeats at most the algorithm.
    public init(_ raw: some StringProtocol) throws(ValidationError) {
        guard let colon = raw.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw ValidationError("a digest must be algorithm:digits, as in sha256:…")
        }
        guard let algorithm = Algorithm(rawValue: String(raw[..<colon])) else {
            throw ValidationError("a digest must be of sha256 or sha512")
        }
        let digits = raw[raw.utf8.index(after: colon)...]
        guard digits.utf8.count == algorithm.hexadecimalLength, digits.utf8.allSatisfy(Digest.isLowerHexadecimal) else {
            throw ValidationError(
                "a \(algorithm) digest must have \(algorithm.hexadecimalLength) lower-case hexadecimal digits"
            )
        }
        self.algorithm = algorithm
        hexadecimal = String(digits)
    }

    /// What a finished SHA-256 gives.
    public init(_ digest: SHA256.Digest) {
        algorithm = .sha256
        hexadecimal = Digest.hexadecimal(digest)
    }

    /// What a finished SHA-512 gives.
    public init(_ digest: SHA512.Digest) {
        algorithm = .sha512
        hexadecimal = Digest.hexadecimal(digest)
    }

    /// `sha256:…`.
    public var description: String { "\(algorithm):\(hexadecimal)" }

    /// Why a text is no digest.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong and what to do.
        public let message: String

        init(_ message: String) { self.message = message }
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Digest: Codable {
    /// From its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = try Digest(container.decode(String.self))
        } catch let error as ValidationError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// As its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
