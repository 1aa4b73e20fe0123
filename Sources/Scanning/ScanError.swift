/// Why a scan ended without a result. ``description`` is safe for users and logs.
public struct ScanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Sendable, Hashable {
        private enum Wrapped { case unusableInput, platformNotFound, helperFailed, contentMismatch }
        private let wrapped: Wrapped

        /// A file or folder is not what it should be.
        public static let unusableInput = Code(wrapped: .unusableInput)
        /// The image has no variant for the platform asked for.
        public static let platformNotFound = Code(wrapped: .platformNotFound)
        /// A credential helper gave no login.
        public static let helperFailed = Code(wrapped: .helperFailed)
        /// Content does not hash to its digest, or has another size than announced.
        public static let contentMismatch = Code(wrapped: .contentMismatch)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What failed, and on what.
    public let message: String
    /// What the user can do.
    public let hint: String?

    /// An error of `code` that tells `message`.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message.
    public var description: String { message }
}
