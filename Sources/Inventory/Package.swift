/// One installed package, as its own database or manifest states it.
public struct Package: Sendable, Hashable {
    /// What kind of package it is; the raw value is the purl type.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// Debian and its family.
        case deb
        /// Alpine, Wolfi, Chainguard.
        case apk
        /// Red Hat, SUSE, Amazon and their families.
        case rpm
        /// Python.
        case pypi
        /// Node.
        case npm
        /// Java.
        case maven
        /// Go modules.
        case golang
        /// Rust.
        case cargo
        /// Ruby.
        case gem
        /// PHP.
        case composer
        /// .NET.
        case nuget

        /// Whether a distribution's own package manager installed it.
        public var isDistribution: Bool { self == .deb || self == .apk || self == .rpm }
    }

    /// The source package that a distribution built it from.
    public struct Source: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its version, which may differ from the binary package's.
        public var version: String

        /// A source package.
        public init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// Where in the image it was found.
    public struct Location: Sendable, Hashable {
        /// The file that states it, in the final file system: `var/lib/dpkg/status`.
        public var path: String
        /// The layer that brought the package, counted from 0; nil when it is not known.
        public var layer: Int?
        /// Where inside of that file, when it is an archive: `BOOT-INF/lib/log4j-core-2.14.1.jar`. Deeper ones are joined by `!/`.
        public var inner: String?

        /// A location.
        public init(path: String, layer: Int?, inner: String? = nil) {
            self.path = path
            self.layer = layer
            self.inner = inner
        }
    }

    /// What kind of package it is.
    public var kind: Kind
    /// purl namespace: `debian`, `@angular`, `org.apache.logging.log4j`, `github.com/gin-gonic`; nil when there is none.
    public var namespace: String?
    /// purl name.
    public var name: String
    /// As stated; for rpm `epoch:version-release` without a zero epoch. Empty when the file states none (Go's `(devel)`).
    public var version: String
    /// As stated: `amd64`, `x86_64`, `noarch`.
    public var architecture: String?
    /// Distribution packages only.
    public var source: Source?
    /// SPDX expressions or the words that the package uses.
    public var licenses: [String] = []
    /// Where it was found; the first is the one that counts.
    public var locations: [Location]
    /// The distribution package that owns the file which states this one (a dpkg-owned `.dist-info`); its flaws are told there.
    public var ownedBy: String?
    /// Of an rpm in a module: `nodejs:18:8080020230322145148:63b34585`. Advisories of other streams do not concern it.
    public var modularityLabel: String?

    /// A package.
    public init(
        kind: Kind,
        namespace: String? = nil,
        name: String,
        version: String,
        architecture: String? = nil,
        source: Source? = nil,
        licenses: [String] = [],
        locations: [Location],
        ownedBy: String? = nil,
        modularityLabel: String? = nil
    ) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.version = version
        self.architecture = architecture
        self.source = source
        self.licenses = licenses
        self.locations = locations
        self.ownedBy = ownedBy
        self.modularityLabel = modularityLabel
    }
}
