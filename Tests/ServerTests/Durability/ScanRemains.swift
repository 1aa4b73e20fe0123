import Foundation
import Storage
import TestSupport
import Testing

/// What a dead service left of the scans of one round.
struct ScanRemains: Sendable {
    /// Where they stood, by tag.
    var states: [String: String] = [:]
    /// Tags whose own layer was known.
    var known: Set<String> = []
    /// Images that had been matched again, and those that had not, when advisories were imported in this round.
    var matched = (again: 0, before: 0)

    /// Whether the service died at `stage`. What was told last is not enough: the scan may have gone on until the kill came.
    func shows(_ stage: KillStage, of victim: String) -> Bool {
        switch stage {
        case .queued: states[victim] == "queued"
        case .resolving, .pulling, .cataloguing: states[victim] == "running" && !known.contains(victim)
        case .matching, .writing: states[victim] == "running" && known.contains(victim)
        case .ended: states[victim] == "completed"
        case .rematching: matched.again > 0 && matched.before > 0
        }
    }

    /// Reads the files that the dead process left, of which nothing may be torn. `layers` are by tag; `flaw` is in every image, and the
    /// advisories know of it since `imported`.
    static func read(
        in directory: TemporaryDirectory,
        layers: [String: String],
        flaw: String?,
        imported: Date
    ) async throws -> ScanRemains {
        // On a copy, so that the next start has to recover by itself.
        let copy = directory.file("copy")
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        for file in try FileManager.default.contentsOfDirectory(atPath: directory.file("data"))
        where file.hasPrefix("pratique.sqlite") && !file.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: directory.file("data/\(file)"), toPath: "\(copy)/\(file)")
        }
        let database = try SQLiteDatabase(path: copy + "/pratique.sqlite")
        let remains = try await database.read { session in
            try expectWhole(session)
            var remains = ScanRemains()
            let last = "SELECT tag, state FROM scan ORDER BY id DESC LIMIT \(layers.count)"
            for row in try session.query(last, []) {
                let tag = try row.text(0)
                guard let layer = layers[tag] else { continue }
                remains.states[tag] = try row.text(1)
                let kept = try session.count("SELECT COUNT(*) FROM layer_inventory WHERE digest = $1", [.text(layer)])
                if kept > 0 { remains.known.insert(tag) }
            }
            guard let flaw else { return remains }
            let matches = """
                SELECT i.tag, i.matched_at >= $1, EXISTS (
                    SELECT 1 FROM finding_image AS p JOIN finding AS f ON f.id = p.finding_id
                    WHERE p.image_id = i.id AND f.flaw = $2
                ) FROM image AS i
                """
            for row in try session.query(matches, [.time(imported), .text(flaw)]) {
                let (tag, isMatched) = (try row.text(0), try row.integer(1) == 1)
                #expect(try (row.integer(2) == 1) == isMatched, "\(tag) was matched again, and its findings are others")
                // Images of this round are matched by their scans.
                guard layers[tag] == nil else { continue }
                if isMatched { remains.matched.again += 1 } else { remains.matched.before += 1 }
            }
            return remains
        }
        await database.close()
        return remains
    }

    private static func expectWhole(_ session: any SQLSession) throws {
        #expect(try session.query("PRAGMA integrity_check", []).map { try $0.text(0) } == ["ok"])
        #expect(try session.query("PRAGMA foreign_key_check", []).isEmpty)
        let torn = """
            SELECT i.tag FROM image AS i
            WHERE i.package_count <> (SELECT COUNT(*) FROM image_package AS p WHERE p.image_id = i.id)
                OR i.critical + i.high + i.medium + i.low + i.negligible + i.unknown <>
                    (SELECT COUNT(DISTINCT f.finding_id) FROM finding_image AS f WHERE f.image_id = i.id)
                OR NOT EXISTS (SELECT 1 FROM image_inventory AS v WHERE v.image_id = i.id)
            """
        #expect(try session.query(torn, []).map { try $0.text(0) } == [], "a result is written whole or not at all")
    }
}
