import Advisories
import Foundation
import Inventory
import OCI
import Tenancy

/// Replaces what is kept of an image by what a scan found.
struct ImageWriter {
    let session: any SQLSession

    init(_ session: any SQLSession) { self.session = session }

    /// Returns the image and how many findings it has.
    func write(_ outcome: ScanOutcome, of scan: Scan, at now: Date) throws -> (id: ImageID, findingCount: Int) {
        let request = scan.request
        let branchBefore = try branch(of: request, outcome.platform)
        let id = try writeImage(outcome, of: scan, at: now)
        try session.execute(
            """
            INSERT INTO image_inventory (image_id, inventory) VALUES ($1, $2)
            ON CONFLICT (image_id) DO UPDATE SET inventory = excluded.inventory
            """,
            [.uuid(id.uuid), .bytes(outcome.inventory)]
        )
        let target = FindingWriter.Target(
            image: id,
            organization: request.organization,
            project: request.project,
            repository: request.repository,
            branchBit: try BranchBits(session).take(request.branch, in: request.project),
            layers: outcome.layers
        )
        let counts = try FindingWriter(session, target).write(
            outcome.findings,
            seenByScan: true,
            isMoved: branchBefore != request.branch,
            at: now
        )
        try writePackages(outcome, of: request, id)
        try PackageMarks(session).refresh(id)
        try writeCounts(counts, of: id)
        return (id, counts.total)
    }

    /// The branch of the image that the scan writes anew.
    private func branch(of request: ScanRequest, _ platform: String) throws -> String? {
        try session.first(
            "SELECT branch FROM image WHERE project_id = $1 AND repository = $2 AND tag = $3 AND platform = $4",
            [.uuid(request.project.uuid), .text(request.repository), .text(request.tag), .text(platform)]
        )?.optionalText(0)
    }

    private func writeImage(_ outcome: ScanOutcome, of scan: Scan, at now: Date) throws -> ImageID {
        let request = scan.request
        try session.execute(
            """
            INSERT INTO image (id, organization_id, project_id, repository, tag, platform, branch, digest, index_digest,
                os_family, os_name, size_in_bytes, layers, completeness, degraded, scan_id, package_count, critical, high, medium, low,
                negligible, unknown, created_at, scanned_at, matched_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 0, 0, 0, 0, $18, $18, $18)
            ON CONFLICT (project_id, repository, tag, platform) DO UPDATE SET branch = excluded.branch,
                digest = excluded.digest, index_digest = excluded.index_digest, os_family = excluded.os_family,
                os_name = excluded.os_name, size_in_bytes = excluded.size_in_bytes, layers = excluded.layers,
                completeness = excluded.completeness, degraded = excluded.degraded, scan_id = excluded.scan_id, package_count = excluded.package_count,
                scanned_at = excluded.scanned_at, matched_at = excluded.matched_at
            """,
            [
                .uuid(ImageID().uuid), .uuid(request.organization.uuid), .uuid(request.project.uuid),
                .text(request.repository), .text(request.tag), .text(outcome.platform), .text(request.branch),
                .text(outcome.digest.description), .text(outcome.indexDigest?.description), .text(outcome.osFamily),
                .text(outcome.osName), .integer(outcome.sizeInBytes), .text(try outcome.layers.encoded),
                .text(outcome.completeness), .flag(outcome.isDegraded), .uuid(scan.id.uuid),
                .integer(outcome.packages.count), .time(now),
            ]
        )
        let row = try session.first(
            "SELECT id FROM image WHERE project_id = $1 AND repository = $2 AND tag = $3 AND platform = $4",
            [.uuid(request.project.uuid), .text(request.repository), .text(request.tag), .text(outcome.platform)]
        )
        guard let row else { throw StorageError(.unexpectedValue, "an image that was just written is not there") }
        return ImageID(try row.uuid(0))
    }

    func writeCounts(_ counts: SeverityCounts, of id: ImageID) throws {
        try session.execute(
            """
            UPDATE image SET critical = $1, high = $2, medium = $3, low = $4, negligible = $5, unknown = $6 WHERE id = $7
            """,
            SeverityCounts.columns.map { .integer(counts[$0]) } + [.uuid(id.uuid)]
        )
    }

    private func writePackages(_ outcome: ScanOutcome, of request: ScanRequest, _ id: ImageID) throws {
        try session.execute("DELETE FROM image_package WHERE image_id = $1", [.uuid(id.uuid)])
        let flaws = PackageFlaws(outcome.findings)
        for (position, package) in outcome.packages.enumerated() {
            let flaw = flaws[package.kind.rawValue, package.name, package.version]
            try session.execute(
                """
                INSERT INTO image_package (image_id, position, organization_id, project_id, kind, name, version, purl,
                    licenses, path, layer, severity, finding_count)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """,
                [
                    .uuid(id.uuid), .integer(position), .uuid(request.organization.uuid), .uuid(request.project.uuid),
                    .text(package.kind.rawValue), .text(package.name), .text(package.version), .text(package.purl),
                    .text(package.licenses.joined(separator: "\n")), .text(package.path), .integer(package.layer),
                    .integer(flaw.severity), .integer(flaw.count),
                ]
            )
        }
    }

    /// Says of the packages of an image what other findings make of them.
    func rewriteFlaws(of id: ImageID, _ findings: [NewFinding]) throws {
        let flaws = PackageFlaws(findings)
        let rows = try session.query(
            "SELECT position, kind, name, version, severity, finding_count FROM image_package WHERE image_id = $1",
            [.uuid(id.uuid)]
        )
        for row in rows {
            let flaw = flaws[try row.text(1), try row.text(2), try row.text(3)]
            guard row.values[4] != .integer(flaw.severity) || row.values[5] != .integer(flaw.count) else { continue }
            try session.execute(
                """
                UPDATE image_package SET severity = $1, finding_count = $2 WHERE image_id = $3 AND position = $4
                """,
                [.integer(flaw.severity), .integer(flaw.count), .uuid(id.uuid), row.values[0]]
            )
        }
    }
}

/// How many findings each package has, and the worst.
private struct PackageFlaws {
    private struct Key: Hashable {
        let kind: String
        let name: String
        let version: String
    }
    private var flaws: [Key: (severity: Int64, count: Int)] = [:]

    init(_ findings: [NewFinding]) {
        for finding in findings {
            let key = Key(kind: finding.kind.rawValue, name: finding.name, version: finding.installedVersion)
            let before = flaws[key] ?? (StoredPackage.withoutFinding, 0)
            flaws[key] = (max(before.severity, finding.severity.stored), before.count + 1)
        }
    }

    subscript(kind: String, name: String, version: String) -> (severity: Int64, count: Int) {
        flaws[Key(kind: kind, name: name, version: version)] ?? (StoredPackage.withoutFinding, 0)
    }
}
