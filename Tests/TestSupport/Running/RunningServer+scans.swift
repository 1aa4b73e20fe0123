public import Advisories
import Foundation
import Inventory
public import OCI
public import Storage
import Tenancy

/// What a seeded scan left.
public struct SeededScan: Sendable {
    /// The scan.
    public let scan: String
    /// Its image.
    public let image: String
    /// The findings of its project, the worst first.
    public let findings: [String]
}

extension NewFinding {
    /// A finding in a package of Debian.
    public static func seed(
        _ flaw: String,
        aliases: [String] = [],
        package: String = "openssl",
        version: String = "3.0.1",
        severity: Severity = .high,
        fixedIn: String? = "3.0.2",
        summary: String = "It overflows"
    ) -> NewFinding {
        NewFinding(
            kind: .deb,
            name: package,
            installedVersion: version,
            flaw: flaw,
            aliases: aliases,
            severity: severity,
            scoreInTenths: 75,
            fixedIn: fixedIn,
            isExploited: false,
            layer: 0,
            path: "var/lib/dpkg/status",
            detail:
                #"{"summary":"\#(summary)","details":"At length","cwes":["CWE-787"],"references":["https://example.com"]}"#
        )
    }
}

extension RunningServer {
    /// Runs a scan of `repository` in `project` without a registry: what a worker writes at its end is written at once.
    public func seedScan(
        in project: String? = nil,
        of organization: String? = nil,
        repository: String = "registry.example.com/app",
        tag: String = "1.0",
        branch: String? = "main",
        digest: Digest? = nil,
        isDegraded: Bool = false,
        packages: [String] = ["openssl", "zlib"],
        findings: [NewFinding] = [.seed("CVE-2026-0001", aliases: ["GHSA-aaaa-bbbb-cccc"])]
    ) async throws -> SeededScan {
        let project = try ProjectID(project ?? first.project).found("project")
        let request = ScanRequest(
            organization: try OrganizationID(organization ?? first.organization).found("organization"),
            project: project,
            credential: nil,
            askedBy: UserID(first.user),
            image: "\(repository):\(tag)",
            repository: repository,
            tag: tag,
            branch: branch,
            severities: ["high"]
        )
        let outcome = ScanOutcome(
            isDegraded: isDegraded,
            completeness: SeedInventory.completeness(isWhole: !isDegraded),
            platform: "linux/amd64",
            digest: try digest ?? Digest("sha256:" + String(repeating: "1", count: 64)),
            indexDigest: nil,
            osFamily: "debian",
            osName: "Debian GNU/Linux 13 (trixie)",
            sizeInBytes: 1_000,
            layers: [StoredLayer(digest: "sha256:ab", sizeInBytes: 1_000, createdBy: "RUN apt-get install")],
            inventory: try await SeedInventory.of(packages),
            packages: packages.map { name in
                NewPackage(
                    kind: .deb,
                    name: name,
                    version: "3.0.1",
                    purl: "pkg:deb/debian/\(name)@3.0.1",
                    licenses: ["Apache-2.0"],
                    path: "var/lib/dpkg/status",
                    layer: 0
                )
            },
            findings: findings
        )
        return try await withDatabase { database in
            try await database.write { session in
                let now = Date()
                let id = try ScanStore(session).enqueue(request, at: now).scan.id
                let queue = ScanQueue(session)
                // Scans that other requests asked for may be before it; they go back.
                var others: [ClaimedScan] = []
                while let claim = try queue.claim(until: now.addingTimeInterval(60), now: now) {
                    guard claim.scan.id == id else {
                        others.append(claim)
                        continue
                    }
                    for other in others { try queue.release(other, at: now) }
                    let image = try queue.finish(claim, outcome, at: now).found("image")
                    var filter = FindingFilter()
                    filter.image = image
                    let found = try FindingStore(session).list(in: project, filter, page: Page(number: 1, size: 100))
                    return SeededScan(
                        scan: id.description,
                        image: image.description,
                        findings: found.findings.map(\.id.description)
                    )
                }
                throw ContractViolation(description: "the scan was not given to its worker")
            }
        }
    }
}
