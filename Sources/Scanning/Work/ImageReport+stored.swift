import Advisories
import Foundation
import Inventory
public import Storage

extension ImageReport {
    /// The report on an image as it is kept: its packages out of `inventory`, its findings with what people decided, and the
    /// completeness of its last match. It is of the time of that match.
    ///
    /// Nil when another version of the program wrote what is kept, and this one cannot read it.
    public init?(_ image: StoredImage, inventory: [UInt8], findings: [StoredFinding], toolVersion: String) {
        guard var scanned = ScannedImage(stored: inventory),
            let completeness = ReportCompleteness(image, scanned.inventory.release)
        else { return nil }
        scanned.image.name = image.artifactName
        let packages = KeptPackages(scanned.inventory.packages)
        self.init(
            scanned: scanned,
            findings: findings.flatMap { packages.findings(of: $0) },
            completeness: completeness,
            createdAt: image.matchedAt,
            toolVersion: toolVersion
        )
    }
}

extension ReportCompleteness {
    fileprivate init?(_ image: StoredImage, _ release: Release?) {
        let kept = try? JSONDecoder().decode(ReportDocument.Completeness.self, from: Data(image.completeness.utf8))
        guard let kept else { return nil }
        self.init(
            layersDone: kept.layersDone,
            layersTotal: kept.layersTotal,
            bytesRead: kept.bytesRead,
            bytesTotal: kept.bytesTotal,
            incompleteLayers: kept.incompleteLayers,
            incompleteMerge: kept.incompleteMerge,
            ecosystems: kept.ecosystems,
            uncomparable: kept.uncomparablePackages,
            unreadable: kept.unreadable.map { Inventory.Unreadable(path: $0.path, reason: $0.reason) },
            advisories: kept.advisories,
            endOfLife: release.flatMap { EndOfLife(of: $0, now: image.matchedAt) }
        )
    }
}

/// Finds the package that a kept finding is of, by what is kept of it.
private struct KeptPackages {
    private struct Key: Hashable {
        let kind: Package.Kind
        let name: String
        let version: String
        let path: String?
    }

    private var packages: [Key: [Package]] = [:]

    init(_ all: [Package]) {
        // Those that a distribution's package owns have no findings of their own.
        for package in all where package.ownedBy == nil {
            let key = Key(
                kind: package.kind,
                name: package.fullName,
                version: package.version,
                path: package.locations.first?.path
            )
            packages[key, default: []].append(package)
        }
    }

    /// One for each place of `stored`.
    func findings(of stored: StoredFinding) -> [Finding] {
        let words = try? JSONDecoder().decode(FlawWords.self, from: Data(stored.detail.utf8))
        let decision = stored.status == .toVerify ? nil : stored.decision
        var used: [Key: Int] = [:]
        return stored.places.map { place in
            let key = Key(
                kind: stored.kind,
                name: stored.packageName,
                version: place.installedVersion,
                path: place.path
            )
            // Packages that differ in their architecture alone are places of one finding, each of one package.
            let number = used[key, default: 0]
            used[key] = number + 1
            let fitting = packages[key] ?? []
            let package = number < fitting.count ? fitting[number] : fitting.last
            return Finding(
                id: stored.flaw,
                aliases: stored.aliases,
                package: package ?? Package(stored, place),
                severity: place.severity,
                score: place.scoreInTenths.map { Double($0) / 10 },
                vector: words?.vector,
                summary: words?.summary ?? "",
                fixedIn: place.fixedIn,
                urgency: words?.urgency,
                isExploited: stored.isExploited,
                exploitProbability: words?.epss,
                published: words?.published,
                modified: words?.modified,
                references: words?.references ?? [],
                weaknesses: words?.cwes ?? [],
                decision: Finding.Decision(
                    status: stored.status,
                    reason: decision?.reason,
                    decidedAt: decision?.decidedAt
                )
            )
        }
    }
}

extension Package {
    /// What is kept of the package of a finding.
    fileprivate init(_ stored: StoredFinding, _ place: FindingPlace) {
        self.init(
            kind: stored.kind,
            name: stored.packageName,
            version: place.installedVersion,
            locations: place.path.map { [Location(path: $0, layer: place.layer)] } ?? []
        )
    }
}
