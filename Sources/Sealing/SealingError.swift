/// What went wrong with a key or a sealed value. No case ever carries key material or plaintext.
public struct SealingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Sendable, Hashable {
        private enum Wrapped {
            case invalidRootKey, unreadableRootKey, unknownKey, doesNotOpen, damagedEnvelope, invalidSecret
        }
        private let wrapped: Wrapped

        /// A root key has the wrong length, is weak, or cannot be decoded.
        public static let invalidRootKey = Code(wrapped: .invalidRootKey)
        /// A root key file is missing, unreadable, or readable by others.
        public static let unreadableRootKey = Code(wrapped: .unreadableRootKey)
        /// The keyring lacks the key that sealed the value.
        public static let unknownKey = Code(wrapped: .unknownKey)
        /// The value was tampered with, or belongs to another row, organization, kind or version.
        public static let doesNotOpen = Code(wrapped: .doesNotOpen)
        /// The envelope is truncated or of an unknown format.
        public static let damagedEnvelope = Code(wrapped: .damagedEnvelope)
        /// The plaintext cannot be put into, or read from, its wire form.
        public static let invalidSecret = Code(wrapped: .invalidSecret)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What failed, on what, and what to do; safe for users and logs.
    public let message: String

    /// An error of `code` that tells `message`.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
