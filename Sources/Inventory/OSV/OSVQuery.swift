/// One question to an advisory database in OSV's own terms.
public struct OSVQuery: Sendable, Hashable {
    /// `Debian:12`, `PyPI`, `Go`, as OSV spells it.
    public let ecosystem: String
    /// As that ecosystem's records name the package, in its normal form.
    public let name: String
    /// In that ecosystem's own order.
    public let version: String

    /// A question.
    public init(ecosystem: String, name: String, version: String) {
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
    }
}
