/// Which distribution an image is, by its own statement. Source: os-release(5).
public struct Release: Sendable, Hashable {
    /// `debian`, `alpine`, `rhel`, …
    public var id: String
    /// `ID_LIKE`, in order.
    public var idLike: [String] = []
    /// `12`, `3.18.4`, `22.04`; empty for rolling ones.
    public var version: String
    /// `bookworm`.
    public var codename: String?
    /// `CPE_NAME`.
    public var cpe: String?
    /// For people: `Debian GNU/Linux 12 (bookworm)`.
    public var prettyName: String

    /// A release.
    public init(
        id: String,
        idLike: [String] = [],
        version: String,
        codename: String? = nil,
        cpe: String? = nil,
        prettyName: String
    ) {
        self.id = id
        self.idLike = idLike
        self.version = version
        self.codename = codename
        self.cpe = cpe
        self.prettyName = prettyName
    }
}
