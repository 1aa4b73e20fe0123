import Advisories
import Foundation
import Inventory
import Tenancy

/// Brings the findings of one image to what a scan or an import of advisories says. Rows that say so already are not written.
struct FindingWriter {
    /// The image, and whose it is.
    struct Target {
        let image: ImageID
        let organization: OrganizationID
        let project: ProjectID
        let repository: String
        /// That of the image's branch, of ``BranchBits``.
        let branchBit: Int64
        let layers: [StoredLayer]
    }

    /// A package of the repository.
    private struct Name: Hashable {
        let kind: Package.Kind
        let name: String
    }

    private let session: any SQLSession
    private let target: Target

    init(_ session: any SQLSession, _ target: Target) {
        self.session = session
        self.target = target
    }

    /// Returns how many findings the image has. An image that `isMoved` was of another branch before.
    func write(
        _ findings: [NewFinding],
        seenByScan: Bool,
        isMoved: Bool = false,
        at now: Date
    ) throws -> SeverityCounts {
        var places: [FindingID: [NewFinding]] = [:]
        var new: Set<FindingID> = []
        for (name, findings) in Dictionary(grouping: findings, by: { Name(kind: $0.kind, name: $0.name) }) {
            var known = try self.known(name)
            let flaws = Set(findings.map(\.flaw))
            for finding in findings {
                if let index = known.firstIndex(finding) {
                    try refresh(&known[index], finding, mayRename: !flaws.contains(known[index].flaw))
                    places[known[index].id, default: []].append(finding)
                } else {
                    let identity = KnownFinding(id: FindingID(), flaw: finding.flaw, aliases: Set(finding.aliases))
                    known.append(identity)
                    new.insert(identity.id)
                    places[identity.id] = [finding]
                }
            }
        }
        for id in new { try insert(id, places[id] ?? [], at: now) }
        var changed = try writePlaces(places)
        if isMoved { changed.formUnion(places.keys) }
        try FindingSummary(session).refresh(changed.subtracting(new))
        if seenByScan {
            try session.execute(
                """
                UPDATE finding SET last_seen_at = $1
                WHERE id IN (SELECT finding_id FROM finding_image WHERE image_id = $2)
                """,
                [.time(now), .uuid(target.image.uuid)]
            )
        }
        var counts = SeverityCounts()
        for findings in places.values { counts[findings.map(\.severity).max() ?? .unknown] += 1 }
        return counts
    }

    /// What is kept of a package's flaws. A package has hundreds at most.
    ///
    /// The last column is there for the sake of the plan: without it an index of lists holds all that is asked for, and SQLite goes
    /// through all findings of the project in it rather than look into the unique key.
    private func known(_ name: Name) throws -> [KnownFinding] {
        try session.query(
            """
            SELECT id, flaw, aliases, known_since FROM finding
            WHERE project_id = $1 AND repository = $2 AND package_kind = $3 AND package_name = $4
            """,
            [.uuid(target.project.uuid), .text(target.repository), .text(name.kind.rawValue), .text(name.name)]
        ).map { row in
            KnownFinding(
                id: FindingID(try row.uuid(0)),
                flaw: try row.text(1),
                aliases: Set(try row.text(2).split(separator: " ").map(String.init))
            )
        }
    }

    private func insert(_ id: FindingID, _ places: [NewFinding], at now: Date) throws {
        guard let finding = places.first else { return }
        try session.execute(
            """
            INSERT INTO finding (id, organization_id, project_id, repository, package_kind, package_name, flaw, aliases,
                status, severity, score, fixable, exploited, present, image_count, first_seen_at, last_seen_at, known_since,
                detail, branches)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'to_verify', $9, $10, $11, $12, 1, 1, $13, $13, $13, $14, $15)
            """,
            [
                .uuid(id.uuid), .uuid(target.organization.uuid), .uuid(target.project.uuid), .text(target.repository),
                .text(finding.kind.rawValue), .text(finding.name), .text(finding.flaw), .text(finding.aliasText),
                .integer(places.map(\.severity.stored).max() ?? 0), .integer(places.map(\.storedScore).max() ?? -1),
                .flag(places.contains { $0.fixedIn != nil }), .flag(finding.isExploited), .time(now),
                .text(finding.detail), .integer(target.branchBit),
            ]
        )
        try insertAliases(finding, of: id)
    }

    private func insertAliases(_ finding: NewFinding, of id: FindingID) throws {
        for flaw in Set(finding.aliases + [finding.flaw]) {
            try session.execute(
                """
                INSERT INTO finding_alias (finding_id, organization_id, flaw) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
                """,
                [.uuid(id.uuid), .uuid(target.organization.uuid), .text(flaw.uppercased())]
            )
        }
    }

    /// Takes over what the advisories say now. A flaw that got a better known id (a CVE) stays the finding that it is; `mayRename`
    /// is false when its old id is another finding's.
    private func refresh(_ known: inout KnownFinding, _ finding: NewFinding, mayRename: Bool) throws {
        let flaw = mayRename ? finding.flaw : known.flaw
        let aliases = known.aliases.union(finding.aliases).union([known.flaw, finding.flaw]).subtracting([flaw])
        if flaw != known.flaw || aliases != known.aliases {
            try session.execute(
                "UPDATE finding SET flaw = $1, aliases = $2 WHERE id = $3",
                [.text(flaw), .text(aliases.sorted().joined(separator: " ")), .uuid(known.id.uuid)]
            )
            try insertAliases(finding, of: known.id)
            known.flaw = flaw
            known.aliases = aliases
        }
        try session.execute(
            "UPDATE finding SET detail = $1, exploited = $2 WHERE id = $3 AND (detail <> $1 OR exploited <> $2)",
            [.text(finding.detail), .flag(finding.isExploited), .uuid(known.id.uuid)]
        )
    }

    /// Writes what differs; returns the findings that have other places now.
    private func writePlaces(_ places: [FindingID: [NewFinding]]) throws -> Set<FindingID> {
        var (kept, changed): ([PlaceKey: [SQLValue]], Set<FindingID>) = ([:], [])
        let rows = try session.query(
            """
            SELECT finding_id, place, installed_version, fixed_in, severity, score, layer, layer_digest, introduced_by, path
            FROM finding_image WHERE image_id = $1
            """,
            [.uuid(target.image.uuid)]
        )
        for row in rows {
            kept[PlaceKey(finding: FindingID(try row.uuid(0)), place: try row.integer(1))] = Array(row.values[2...])
        }
        for (id, findings) in places {
            let sorted = findings.sorted {
                ($0.installedVersion, $0.path ?? "") < ($1.installedVersion, $1.path ?? "")
            }
            for (place, finding) in sorted.enumerated() {
                let (key, values) = (PlaceKey(finding: id, place: Int64(place)), self.values(of: finding))
                guard kept.removeValue(forKey: key) != values else { continue }
                changed.insert(id)
                try session.execute(
                    FindingWriter.writePlace,
                    [.uuid(target.image.uuid), .uuid(id.uuid), .integer(place)] + values
                )
            }
        }
        for key in kept.keys {
            changed.insert(key.finding)
            try session.execute(
                "DELETE FROM finding_image WHERE image_id = $1 AND finding_id = $2 AND place = $3",
                [.uuid(target.image.uuid), .uuid(key.finding.uuid), .integer(key.place)]
            )
        }
        return changed
    }

    private static let writePlace = """
        INSERT INTO finding_image (image_id, finding_id, place, installed_version, fixed_in, severity, score, layer,
            layer_digest, introduced_by, path)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (image_id, finding_id, place) DO UPDATE SET installed_version = excluded.installed_version,
            fixed_in = excluded.fixed_in, severity = excluded.severity, score = excluded.score, layer = excluded.layer,
            layer_digest = excluded.layer_digest, introduced_by = excluded.introduced_by, path = excluded.path
        """

    private func values(of finding: NewFinding) -> [SQLValue] {
        let layer = finding.layer.flatMap { target.layers.indices.contains($0) ? target.layers[$0] : nil }
        return [
            .text(finding.installedVersion), .text(finding.fixedIn), .integer(finding.severity.stored),
            .integer(finding.storedScore), .integer(finding.layer), .text(layer?.digest), .text(layer?.createdBy),
            .text(finding.path),
        ]
    }
}

/// The identity of a finding that is kept.
private struct KnownFinding {
    let id: FindingID
    var flaw: String
    var aliases: Set<String>
}

extension [KnownFinding] {
    /// The one with the same id, else one that shares any.
    fileprivate func firstIndex(_ finding: NewFinding) -> Int? {
        if let index = firstIndex(where: { $0.flaw == finding.flaw }) { return index }
        let ids = Set(finding.aliases + [finding.flaw])
        return firstIndex { ids.contains($0.flaw) || !$0.aliases.isDisjoint(with: ids) }
    }
}

private struct PlaceKey: Hashable {
    let finding: FindingID
    let place: Int64
}

extension NewFinding {
    fileprivate var aliasText: String { Set(aliases).subtracting([flaw]).sorted().joined(separator: " ") }

    /// −1 where there is none.
    fileprivate var storedScore: Int64 { Int64(scoreInTenths ?? -1) }
}
