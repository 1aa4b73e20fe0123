import Advisories
import Inventory
import Scanning

/// The findings of one package; of a distribution, those of everything that was built from one source, each flaw once.
struct FindingGroup {
    /// The source's name, or the package's own.
    let name: String
    /// As it is installed; of several binary packages the source's version.
    let version: String
    /// The worst first, a flaw of several binary packages once.
    private(set) var findings: [Finding] = []
    /// Names of the packages that have findings.
    private(set) var packages: Set<String> = []
    private var seen: Set<String> = []

    private init(_ package: Package) {
        name = package.source?.name ?? package.fullName
        version = package.source?.version ?? package.version
    }

    /// The group with the worst finding first.
    static func groups(_ findings: [Finding]) -> [FindingGroup] {
        var order: [String] = []
        var groups: [String: FindingGroup] = [:]
        for finding in findings {
            let package = finding.package
            let source = package.source ?? Package.Source(name: package.fullName, version: package.version)
            let key = "\(package.kind.rawValue)\n\(source.name)\n\(source.version)"
            if groups[key] == nil { order.append(key) }
            groups[key, default: FindingGroup(package)].add(finding)
        }
        return order.compactMap { groups[$0] }
    }

    private mutating func add(_ finding: Finding) {
        packages.insert(finding.package.fullName)
        if seen.insert(finding.id).inserted { findings.append(finding) }
    }

    /// `util-linux (8 packages)`.
    var title: String {
        packages.count > 1 || packages.first != name ? "\(name) (\(FindingGroup.count(packages)))" : name
    }

    private static func count(_ packages: Set<String>) -> String {
        if packages.count == 1, let only = packages.first { return only }
        return "\(packages.count) packages"
    }

    /// `3 high, 12 low`, the worst first.
    static func counts(_ findings: some Sequence<Finding>) -> String {
        let grouped = Dictionary(grouping: findings, by: \.severity)
        return Severity.allCases.sorted(by: >).compactMap { severity in
            grouped[severity].map { "\($0.count) \(severity.rawValue)" }
        }.joined(separator: ", ")
    }
}
