/// What the database could not do. The message is safe for logs; it holds no bound values.
public struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Sendable, Hashable {
        private enum Wrapped {
            case unavailable, overloaded, uniqueViolation, foreignKeyViolation, schemaTooNew, locked, corrupt,
                unexpectedValue,
                invalidStatement
        }
        private let wrapped: Wrapped

        /// The disk is full, read-only or failing, or the database is closed. Nothing was written.
        public static let unavailable = Code(wrapped: .unavailable)
        /// Too many writes wait already. Nothing was written.
        public static let overloaded = Code(wrapped: .overloaded)
        /// A row with the same unique key exists.
        public static let uniqueViolation = Code(wrapped: .uniqueViolation)
        /// A row that is referred to does not exist, or one that is deleted is still referred to.
        public static let foreignKeyViolation = Code(wrapped: .foreignKeyViolation)
        /// The database was migrated by a newer program.
        public static let schemaTooNew = Code(wrapped: .schemaTooNew)
        /// Another process uses the data directory.
        public static let locked = Code(wrapped: .locked)
        /// The file is damaged.
        public static let corrupt = Code(wrapped: .corrupt)
        /// A column holds what the schema does not allow.
        public static let unexpectedValue = Code(wrapped: .unexpectedValue)
        /// The statement is wrong, which is a mistake of ours.
        public static let invalidStatement = Code(wrapped: .invalidStatement)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What failed.
    public let message: String

    /// An error of `code` that tells `message`.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
