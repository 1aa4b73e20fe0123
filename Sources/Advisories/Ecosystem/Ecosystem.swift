/// An ecosystem as OSV writes it: `PyPI`, `Debian:12`, `Ubuntu:Pro:18.04:LTS`. Only the first colon splits.
///
/// Source: OSV schema 1.7.5, "affected[].package field", and osv-scalibr's rule for suffixes.
struct Ecosystem: Sendable, Hashable {
    /// What stands before the first colon, spelled as OSV spells it.
    let base: String
    /// What stands behind it; nil when there is none.
    let suffix: String?

    /// Splits `raw`.
    init(_ raw: String) {
        let parts = raw.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let first = parts.first ?? ""
        base = Ecosystem.families[first] != nil ? first : Ecosystem.spellings[first.lowercased()] ?? first
        suffix = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
    }

    /// The text, with the base as OSV spells it.
    var text: String { suffix.map { "\(base):\($0)" } ?? base }

    private struct Family {
        let order: VersionOrderKind
        let isDistribution: Bool
    }

    private static func distribution(_ order: VersionOrderKind) -> Family { Family(order: order, isDistribution: true) }
    private static func language(_ order: VersionOrderKind) -> Family { Family(order: order, isDistribution: false) }

    /// Those whose order is known. Versions of the others are compared with `versions` alone.
    private static let families: [String: Family] = [
        "Debian": distribution(.dpkg), "Ubuntu": distribution(.dpkg), "Echo": distribution(.dpkg),
        "Alpine": distribution(.apk), "Wolfi": distribution(.apk), "Chainguard": distribution(.apk),
        "MinimOS": distribution(.apk), "CleanStart": distribution(.apk), "Alpaquita": distribution(.apk),
        "BellSoft Hardened Containers": distribution(.apk),
        "AlmaLinux": distribution(.rpm), "Rocky Linux": distribution(.rpm), "Red Hat": distribution(.rpm),
        "SUSE": distribution(.rpm), "openSUSE": distribution(.rpm), "Mageia": distribution(.rpm),
        "openEuler": distribution(.rpm), "Azure Linux": distribution(.rpm), "Photon OS": distribution(.rpm),
        "PyPI": language(.pep440), "npm": language(.semver), "crates.io": language(.semver), "Go": language(.semver),
        "Hex": language(.semver), "SwiftURL": language(.semver), "Julia": language(.semver),
        "Bitnami": language(.semver), "Maven": language(.maven), "NuGet": language(.nuget),
        "RubyGems": language(.rubygems), "Packagist": language(.packagist),
    ]
    private static let spellings = Dictionary(uniqueKeysWithValues: families.keys.map { ($0.lowercased(), $0) })
    /// Rebuilds of other distributions, which name those behind the colon: `Root:Debian:12`.
    private static let rebuilds: Set<String> = ["Root", "TuxCare", "Docker Hardened Images", "Echo"]

    private var family: Family? {
        if Ecosystem.rebuilds.contains(base), let suffix {
            let inner = String(suffix.prefix { $0 != ":" })
            if let family = Ecosystem.families[Ecosystem.spellings[inner.lowercased()] ?? inner] { return family }
        }
        return Ecosystem.families[base]
    }

    /// How its versions compare; nil when that is not known here.
    var order: VersionOrderKind? { family?.order }

    /// Whether its records are a distribution's, which name their CVEs under `upstream` or `related`.
    var isDistribution: Bool { family?.isDistribution ?? Ecosystem.rebuilds.contains(base) }

    /// `name` as the ecosystem compares it: PyPI by PEP 503, NuGet and Packagist without case, others as they are.
    func normalized(name: String) -> String {
        switch base {
        case "NuGet", "Packagist": return name.lowercased()
        case "PyPI":
            var result: [UInt8] = []
            for byte in name.utf8 {
                let isSeparator = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                if isSeparator, result.last == UInt8(ascii: "-") { continue }
                result.append(isSeparator ? UInt8(ascii: "-") : byte.lowered)
            }
            return String(decoding: result, as: UTF8.self)
        default: return name
        }
    }

    /// Whether records of `recorded` count for this one: the same base, and the same suffix where both have one.
    func covers(_ recorded: Ecosystem) -> Bool {
        guard base == recorded.base else { return false }
        guard let suffix, let other = recorded.suffix else { return true }
        return comparable(suffix) == comparable(other)
    }

    private func comparable(_ suffix: String) -> Substring {
        switch base {
        // osv.dev takes 22.04 for 22.04:LTS, and os-release does not say LTS.
        case "Ubuntu": return suffix.hasSuffix(":LTS") ? suffix.dropLast(4) : suffix[...]
        // `enterprise_linux:9::appstream`: one product and version, whatever repository; os-release always says baseos.
        case "Red Hat":
            guard let repository = suffix.firstRange(of: "::") else { return suffix[...] }
            return suffix[..<repository.lowerBound]
        default: return suffix[...]
        }
    }
}
