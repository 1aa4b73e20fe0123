public import OCI

/// Why a blob is not the one that was asked for. What was read of it must not be used.
public struct LayerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String { case sizeMismatch = "size-mismatch", digestMismatch = "digest-mismatch" }

        private let value: Value

        /// More or fewer bytes than the descriptor says.
        public static let sizeMismatch = Code(value: .sizeMismatch)
        /// The bytes hash to something else.
        public static let digestMismatch = Code(value: .digestMismatch)

        /// Stable, kebab-case.
        public var description: String { value.rawValue }
    }

    /// What went wrong.
    public let code: Code
    /// What failed, on what.
    public let message: String

    /// The message; safe for users and logs.
    public var description: String { message }

    static func size(expected: Int64, actual: Int64) -> LayerError {
        LayerError(code: .sizeMismatch, message: "the blob must have \(expected) bytes and has \(actual)")
    }

    /// More came than was announced, and the reader stopped listening.
    static func tooLong(expected: Int64) -> LayerError {
        LayerError(code: .sizeMismatch, message: "the blob must have \(expected) bytes and has more")
    }

    /// `subject`, like "the blob", hashes to something else.
    public static func digest(expected: Digest, actual: Digest, of subject: String) -> LayerError {
        LayerError(code: .digestMismatch, message: "\(subject) must hash to \(expected) and hashes to \(actual)")
    }
}
