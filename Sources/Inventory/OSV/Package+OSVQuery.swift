extension Package {
    /// What to ask of an advisory database about this package, the likeliest first. Any hit counts, each record once.
    ///
    /// Empty when nothing can be asked: no version, no group (of a jar that does not say), a distribution without advisories. The
    /// flaws of a package with ``ownedBy`` are told of its owner already. Source: OSV schema 1.7, "affected[].package" and
    /// "Defined ecosystems"; which of source and binary name a distribution uses is read off its records.
    public func osvQueries(in release: Release?) -> [OSVQuery] {
        guard !version.isEmpty else { return [] }
        switch kind {
        case .deb, .apk:
            let source = source ?? Source(name: name, version: version)
            return (release?.osvEcosystems ?? []).map {
                // Wolfi and Chainguard name packages and origins alike, with one list for both.
                OSVQuery(ecosystem: $0, name: source.name, version: source.version)
            }
        case .rpm: return (release?.osvEcosystems ?? []).flatMap { rpmQueries(ecosystem: $0) }
        case .pypi: return [OSVQuery(ecosystem: "PyPI", name: Package.normalizedPythonName(name), version: version)]
        case .npm: return [OSVQuery(ecosystem: "npm", name: fullName, version: version)]
        case .maven:
            return namespace == nil ? [] : [OSVQuery(ecosystem: "Maven", name: fullName, version: version)]
        case .golang:
            return [OSVQuery(ecosystem: "Go", name: fullName, version: Package.semanticVersion(ofGo: version))]
        case .cargo: return [OSVQuery(ecosystem: "crates.io", name: name, version: version)]
        case .gem: return [OSVQuery(ecosystem: "RubyGems", name: name, version: version)]
        case .composer: return [OSVQuery(ecosystem: "Packagist", name: fullName.lowercased(), version: version)]
        case .nuget: return [OSVQuery(ecosystem: "NuGet", name: name, version: version)]
        }
    }

    /// With its namespace, as its own ecosystem writes it: `org.apache.logging.log4j:log4j-core`, `@angular/core`,
    /// `github.com/gin-gonic/gin`, `symfony/console`; of a distribution's package, its name.
    public var fullName: String {
        guard let namespace, !kind.isDistribution else { return name }
        return namespace + (kind == .maven ? ":" : "/") + name
    }

    /// Lower case, runs of `-`, `_` and `.` as one `-`. Source: PEP 503.
    static func normalizedPythonName(_ name: String) -> String {
        var normal = ""
        for character in name.lowercased() {
            let isSeparator = character == "-" || character == "_" || character == "."
            if !isSeparator { normal.append(character) } else if normal.last != "-" { normal.append("-") }
        }
        return normal
    }

    /// Without `v`; of the standard library, with three numbers and a prerelease by SemVer: `1.22rc1` is `1.22.0-rc.1`.
    static func semanticVersion(ofGo version: String) -> String {
        if version.hasPrefix("v") { return String(version.dropFirst()) }
        let core = version.prefix { $0.isNumber || $0 == "." }
        let rest = version[core.endIndex...]
        guard !rest.contains("-"), !rest.contains("+") else { return version }
        let numbers = core.split(separator: ".")
        let padded = (numbers + ["0", "0"].prefix(max(0, 3 - numbers.count))).joined(separator: ".")
        guard !rest.isEmpty else { return padded }
        let word = rest.prefix { $0.isLetter }
        let number = rest[word.endIndex...]
        return "\(padded)-\(word)\(number.isEmpty ? "" : ".\(number)")"
    }

    /// Records of one family name source packages, those of another binary ones, and some both.
    private func rpmQueries(ecosystem: String) -> [OSVQuery] {
        let binary = OSVQuery(ecosystem: ecosystem, name: name, version: version)
        guard let source, source.name != name else { return [binary] }
        let sourceQuery = OSVQuery(ecosystem: ecosystem, name: source.name, version: source.version)
        let isBySource = ecosystem.hasPrefix("Rocky") || ecosystem.hasPrefix("SUSE") || ecosystem.hasPrefix("openSUSE")
        return isBySource ? [sourceQuery, binary] : [binary, sourceQuery]
    }
}
