extension Package {
    /// Its package URL; nil when it has no name that one could be made of.
    ///
    /// Distribution packages carry `arch` and `distro` (`debian-12`); an rpm's epoch is a qualifier, not part of its version.
    /// Source: purl-spec, the definitions of the types.
    public func purl(release: Release?) -> PackageURL? {
        var qualifiers: [String: String] = [:]
        var version = version
        if kind.isDistribution {
            qualifiers["arch"] = architecture
            if let release {
                qualifiers["distro"] = release.version.isEmpty ? release.id : "\(release.id)-\(release.version)"
            }
        }
        if kind == .rpm, let colon = version.firstIndex(of: ":") {
            qualifiers["epoch"] = String(version[..<colon])
            version = String(version[version.index(after: colon)...])
        }
        if kind == .gem, let architecture { qualifiers["platform"] = architecture }
        if let modularityLabel, !modularityLabel.isEmpty { qualifiers["rpmmod"] = modularityLabel }
        // It can only fail for want of a name, and then the package is told without a URL.
        return try? PackageURL(
            type: kind.rawValue,
            namespace: namespace ?? (kind.isDistribution ? release?.vendor : nil),
            name: name,
            version: version,
            qualifiers: qualifiers
        )
    }
}
