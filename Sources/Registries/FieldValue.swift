/// What a request says for one field, before any rule is applied.
public enum FieldValue: Sendable, Equatable {
    /// Nothing, or null.
    case absent
    /// A string.
    case string(String)
    /// An array of strings.
    case list([String])
    /// A value of another type: `a number`, `an array`.
    case other(String)
}

/// What is wrong with one field of a request, and how to mend it.
public struct FieldError: Error, Sendable, Equatable {
    /// The field's name as the client wrote it.
    public let field: String
    /// What is wrong and what to do, without the value.
    public let message: String

    /// A complaint about `field`.
    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}
