/// One field of a credential: its name on the wire, and what is allowed in it.
public struct RegistryField: Sendable {
    /// The name in requests and answers.
    public let name: String
    /// What is allowed in it.
    public let rule: Rule
    /// One line for people.
    public let summary: String
    /// A value that shows its shape; never a real one.
    public let example: String

    /// What is allowed in a field.
    public enum Rule: Sendable {
        /// One line of 1 to 255 characters, trimmed.
        case text
        /// The address of a registry; see ``RegistryURL``.
        case url
        /// 1 byte to 16 KiB, sealed; one trailing line break is cut.
        case secret
    }

    /// A field.
    public init(_ name: String, _ rule: Rule, summary: String, example: String) {
        self.name = name
        self.rule = rule
        self.summary = summary
        self.example = example
    }

    /// Whether the field is sealed and never shown.
    public var isSecret: Bool {
        if case .secret = rule { true } else { false }
    }
}
