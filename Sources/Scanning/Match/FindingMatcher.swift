public import Advisories
public import Foundation
import Inventory
import Layers
import OCI

/// Holds what is installed in an image against an advisory database, and makes the report.
public struct FindingMatcher: Sendable {
    private let database: AdvisoryDatabase?

    /// A matcher of `database`; without one nothing is known of any flaw, and every report says so.
    public init(_ database: AdvisoryDatabase?) { self.database = database }

    /// The report on a scanned image. Throws `AdvisoryError` when the database turns out to be damaged.
    public func report(on scanned: ScannedImage, at now: Date, toolVersion: String) throws -> ImageReport {
        let questions = Questions(scanned.inventory)
        let matches = try database?.match(questions.queries)
        return ImageReport(
            scanned: scanned,
            findings: questions.findings(matches?.matches ?? [], packages: scanned.inventory.packages),
            completeness: ReportCompleteness(
                scanned: scanned,
                questions: questions,
                matches: matches,
                status: try database?.status(),
                now: now
            ),
            createdAt: now,
            toolVersion: toolVersion
        )
    }
}

/// What is asked of the database, and of which package each question is.
struct Questions {
    private(set) var queries: [AdvisoryQuery] = []
    /// For each query, the package's place in the inventory.
    private var owners: [Int] = []
    /// Packages that are asked about, by the ecosystem's name.
    private(set) var packages: [String: Int] = [:]

    init(_ inventory: Inventory) {
        for (number, package) in inventory.packages.enumerated() {
            // Its flaws are told of the distribution's package that owns it.
            guard package.ownedBy == nil else { continue }
            let asked = package.osvQueries(in: inventory.release)
            for query in asked {
                queries.append(AdvisoryQuery(ecosystem: query.ecosystem, name: query.name, version: query.version))
                owners.append(number)
            }
            packages[asked.first?.ecosystem ?? package.kind.rawValue, default: 0] += 1
        }
    }

    /// A finding for each flaw of each package, once whatever number of questions found it.
    func findings(_ matches: [AdvisoryMatch], packages: [Package]) -> [Finding] {
        var seen: Set<PackageAndFlaw> = []
        // Many matches share an advisory, and what it says is put into words once.
        var told: [ObjectIdentifier: Finding] = [:]
        return matches.compactMap { match in
            let number = owners[match.query]
            guard seen.insert(PackageAndFlaw(package: number, flaw: match.advisory.id)).inserted else { return nil }
            var finding: Finding
            if let known = told[ObjectIdentifier(match.advisory)] {
                finding = known
                finding.package = packages[number]
            } else {
                finding = Finding(match.advisory, of: packages[number])
                told[ObjectIdentifier(match.advisory)] = finding
            }
            finding.fixedIn = match.fixedIn
            finding.urgency = match.urgency
            return finding
        }
    }

    /// Packages of which a question has no answer: their versions cannot be compared.
    func packages(of queries: [Int]) -> Int { Set(queries.map { owners[$0] }).count }

    private struct PackageAndFlaw: Hashable {
        let package: Int
        let flaw: String
    }
}

extension Finding {
    init(_ advisory: Advisory, of package: Package) {
        self.init(
            id: advisory.id,
            aliases: advisory.aliases.sorted(),
            package: package,
            severity: advisory.severity,
            score: advisory.rating.cvss?.score,
            vector: advisory.rating.cvss?.vector,
            summary: advisory.summary,
            isExploited: advisory.knownExploited != nil,
            exploitProbability: advisory.epss?.score,
            published: advisory.published?.description,
            modified: advisory.modified?.description,
            references: advisory.references.map(\.url),
            weaknesses: advisory.cwes
        )
    }
}

extension ReportCompleteness {
    init(
        scanned: ScannedImage,
        questions: Questions,
        matches: AdvisoryMatches?,
        status: AdvisorySnapshotStatus?,
        now: Date
    ) {
        let unknown = Set(matches?.ecosystemsWithoutAdvisories ?? [])
        let asked = Set(questions.queries.map(\.ecosystem))
        self.init(
            layersDone: scanned.layers.count { $0.completeness == .complete },
            layersTotal: scanned.image.layers.count,
            bytesRead: scanned.layers.reduce(0) { $0 &+ $1.counts.compressedBytes },
            bytesTotal: scanned.image.layers.reduce(0) { $0 &+ $1.sizeInBytes },
            incompleteLayers: scanned.layers.enumerated().compactMap { index, layer in
                guard case .incomplete(let reason) = layer.completeness else { return nil }
                return IncompleteLayer(
                    index: index,
                    digest: layer.layer.digest.description,
                    reason: reason.description
                )
            },
            incompleteMerge: scanned.mergeProblem,
            ecosystems: questions.packages.sorted { $0.key < $1.key }.map { name, count in
                let isKnown = matches != nil && asked.contains(name) && !unknown.contains(name)
                return Ecosystem(name: name, packages: count, hasAdvisories: isKnown)
            },
            uncomparable: matches.map { questions.packages(of: $0.uncomparable) } ?? 0,
            unreadable: scanned.inventory.unreadable,
            advisories: status.map { Advisories($0, now: now) },
            endOfLife: scanned.inventory.release.flatMap { EndOfLife(of: $0, now: now) }
        )
    }
}

extension ScannedImage {
    fileprivate var mergeProblem: String? {
        guard case .incomplete(let reason) = merge else { return nil }
        return reason.description
    }
}

extension ReportCompleteness.Advisories {
    fileprivate init(_ status: AdvisorySnapshotStatus, now: Date) {
        let newest = status.newestModified
        self.init(
            records: status.records,
            importedAt: status.importedAt?.description ?? "",
            newestRecordAt: newest?.description,
            ageInDays: newest.map { max(0, Int((now.timeIntervalSince1970 - Double($0.secondsSince1970)) / 86_400)) }
        )
    }
}
