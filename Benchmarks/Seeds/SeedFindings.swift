import Advisories
import ArgumentParser
import Foundation
import Inventory
import OCI
import Storage
import Tenancy

/// `seed-scans findings`: a project of many findings.
struct SeedFindings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Write images, packages, findings and decisions into a project.",
        discussion: """
            Prints one line for each finding: severity, status, whether it is fixable, kind, package, id, alias, repository; between \
            tabs. Every finding is in each tag of its repository.
            """
    )

    @Option(help: "Database file of a service that does not run.")
    var database: String

    @Option(help: "Id of the organization.")
    var organization: String

    @Option(help: "Id of the project.")
    var project: String

    @Option(help: "Repositories.")
    var repositories = 25

    @Option(help: "Findings of each repository.")
    var findings = 4_000

    @Option(help: "Packages of each image.")
    var packages = 300

    /// The branches of the tags of a repository.
    private static let branches: [String?] = ["main", "main", "release", nil]

    func run() async throws {
        guard let organization = OrganizationID(organization), let project = ProjectID(project) else {
            throw ValidationError("an id is none")
        }
        let database = try SQLiteDatabase(path: database)
        for repository in 0..<repositories {
            let seeds = (0..<findings).map { SeededFinding(number: repository * findings + $0, packages: packages) }
            for (tag, branch) in Self.branches.enumerated() {
                let name = Self.name(repository)
                let request = ScanRequest(
                    organization: organization,
                    project: project,
                    credential: nil,
                    askedBy: nil,
                    image: "\(name):\(tag)",
                    repository: name,
                    tag: "\(tag)",
                    branch: branch
                )
                let outcome = try outcome(of: repository, tag, seeds)
                try await database.write { session in
                    let now = Date()
                    _ = try ScanStore(session).enqueue(request, at: now)
                    guard let claim = try ScanQueue(session).claim(until: now.addingTimeInterval(60), now: now) else {
                        throw ValidationError("the scan is not there")
                    }
                    _ = try ScanQueue(session).finish(claim, outcome, at: now)
                }
            }
            try await decide(seeds, of: Self.name(repository), in: project, database)
            for seed in seeds { print(seed.line(Self.name(repository))) }
        }
        await database.close()
    }

    private static func name(_ repository: Int) -> String { "registry.example.com/team/app-\(repository)" }

    private func outcome(of repository: Int, _ tag: Int, _ seeds: [SeededFinding]) throws -> ScanOutcome {
        let digest = String(repeating: "0", count: 56) + String(10_000_000 + repository * 10 + tag)
        return ScanOutcome(
            isDegraded: tag == 0,
            completeness: #"{"inventoryComplete":true,"layersDone":1,"layersTotal":1}"#,
            platform: "linux/amd64",
            digest: try Digest("sha256:\(digest)"),
            indexDigest: nil,
            osFamily: "debian",
            osName: "Debian GNU/Linux 12 (bookworm)",
            sizeInBytes: 50_000_000,
            layers: [
                StoredLayer(digest: "sha256:\(digest)", sizeInBytes: 50_000_000, createdBy: "RUN apt-get install app")
            ],
            inventory: [],
            packages: (0..<packages).map { SeededFinding.package($0, version: version(repository)) },
            findings: seeds.map { $0.finding(version: version(repository)) }
        )
    }

    private func version(_ repository: Int) -> String { "1.\(repository).0" }

    /// Decides what the seeds say, as somebody would who goes through the list.
    private func decide(
        _ seeds: [SeededFinding],
        of repository: String,
        in project: ProjectID,
        _ database: SQLiteDatabase
    ) async throws {
        let statuses = Dictionary(seeds.map { ($0.flaw, $0.status) }) { first, _ in first }
        try await database.write { session in
            let store = FindingStore(session)
            var filter = FindingFilter()
            filter.repository = repository
            let findings = try store.list(in: project, filter, page: Page(number: 1, size: seeds.count)).findings
            for (status, decided) in Dictionary(grouping: findings, by: { statuses[$0.flaw] ?? .toVerify })
            where status != .toVerify {
                let decision = FindingDecision(
                    status: status,
                    reason: "looked at",
                    author: nil,
                    decidedAt: Date(),
                    expiresAt: nil
                )
                _ = try store.decide(decision, on: decided.map(\.id), in: project)
            }
        }
    }
}
