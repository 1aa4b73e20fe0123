/// What went wrong with advisories as a whole. Damage in one record is counted, not thrown.
public struct AdvisoryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Sendable, Hashable {
        private enum Wrapped { case unreadableSource, unusableDatabase, limitExceeded, busy }
        private let wrapped: Wrapped

        /// A directory, archive or answer cannot be read.
        public static let unreadableSource = Code(wrapped: .unreadableSource)
        /// The advisory database is missing, damaged or of another version.
        public static let unusableDatabase = Code(wrapped: .unusableDatabase)
        /// An input is larger than its named limit.
        public static let limitExceeded = Code(wrapped: .limitExceeded)
        /// Another import works on the same advisory database.
        public static let busy = Code(wrapped: .busy)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What failed, on what, and what to do.
    public let message: String

    /// An error of `code` that tells `message`.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
