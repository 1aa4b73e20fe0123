public import Inventory

/// One package, as people ask for it.
public struct PackageQuery: Sendable, Equatable {
    /// Namespace and name, as ``Inventory/Package/fullName`` has it; of a package URL as that spells it.
    public let name: String
    /// Of a package URL.
    public let kind: Package.Kind?
    /// Nil is every version.
    public let version: String?

    /// The package of this name, of every kind.
    public init(name: String, version: String? = nil) {
        self.name = name
        self.version = version
        kind = nil
    }

    /// What a package URL names; nil for one of a type that no cataloguer knows.
    public init?(_ url: PackageURL) {
        guard let kind = Package.Kind(rawValue: url.type) else { return nil }
        self.kind = kind
        let namespace = kind.isDistribution ? nil : url.namespace
        name = namespace.map { $0 + (kind == .maven ? ":" : "/") + url.name } ?? url.name
        let epoch = kind == .rpm ? url.qualifiers["epoch"] : nil
        version = url.version.map { version in epoch.map { "\($0):\(version)" } ?? version }
    }

    /// This version of it.
    public func of(version: String) -> PackageQuery { PackageQuery(name: name, kind: kind, version: version) }

    private init(name: String, kind: Package.Kind?, version: String?) {
        self.name = name
        self.kind = kind
        self.version = version
    }

    /// Whether it is a package of this kind and name.
    func fits(_ kind: Package.Kind, _ name: String) -> Bool {
        guard let own = self.kind else { return name == self.name }
        return kind == own && spelled(name) == self.name
    }

    /// A name as the package URLs of the kind spell it. Source: purl-spec, the definitions of the types.
    private func spelled(_ name: String) -> String {
        switch kind {
        case .deb, .apk, .composer, .golang: name.lowercased()
        case .pypi: name.lowercased().split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
        case .rpm, .npm, .maven, .cargo, .gem, .nuget, nil: name
        }
    }

    /// ``name`` spelled so in SQL; nil where it stands as it is.
    func foldedColumn(_ column: String) -> String? {
        switch kind {
        case .deb, .apk, .composer, .golang: "LOWER(\(column))"
        case .pypi: PackageQuery.widelyFolded(column)
        case .rpm, .npm, .maven, .cargo, .gem, .nuget, nil: nil
        }
    }

    /// What is the same for names that any kind takes for the same, as the index `image_package_by_folded_name` has it.
    static func widelyFolded(_ name: String) -> String { "REPLACE(LOWER(\(name)), '_', '-')" }
}
