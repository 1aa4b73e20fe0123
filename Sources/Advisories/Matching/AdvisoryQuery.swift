/// One package as the advisories of its ecosystem name it.
public struct AdvisoryQuery: Sendable, Hashable {
    /// As OSV writes it: `Debian:12`, `PyPI`, `Ubuntu:22.04:LTS` (`Ubuntu:22.04` is the same), `Red Hat:enterprise_linux:9::baseos`.
    public var ecosystem: String
    /// The source package for dpkg and apk, the binary one for AlmaLinux and Red Hat; other names in the ecosystem's own form.
    public var name: String
    /// Of what ``name`` names; empty when it is not known.
    public var version: String

    /// A query.
    public init(ecosystem: String, name: String, version: String) {
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
    }
}
