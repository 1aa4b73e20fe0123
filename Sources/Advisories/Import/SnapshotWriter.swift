/// Writes records into a snapshot that is being made.
final class SnapshotWriter {
    let file: SnapshotFile
    private let find: SnapshotStatement
    private let insertRecord: SnapshotStatement
    private let updateRecord: SnapshotStatement
    private let insertAffected: SnapshotStatement
    private let deleteAffected: SnapshotStatement
    private let insertEcosystem: SnapshotStatement
    private var ecosystems: [String: Int64] = [:]
    /// Ranges that had to be left out: a version that the ecosystem refuses, no `introduced`.
    private(set) var unusableRanges = 0

    /// What became of a record.
    enum Outcome {
        case added(RecordState)
        case replaced(RecordState)
        /// The snapshot has this one or a newer one.
        case unchanged
    }

    private struct Row {
        let id: Int64
        let scope: String
        let modified: Int64
        let state: RecordState
        let packages: [UInt8]
    }

    init(_ file: SnapshotFile) throws(AdvisoryError) {
        self.file = file
        find = try file.prepare("SELECT id, scope, modified, state, packages FROM record WHERE name = ?")
        insertRecord = try file.prepare(
            "INSERT INTO record (name, scope, modified, state, header, packages) VALUES (?, ?, ?, ?, ?, ?)"
        )
        updateRecord = try file.prepare(
            "UPDATE record SET modified = ?, state = ?, header = ?, packages = ?, advisories = x'' WHERE id = ?"
        )
        insertAffected = try file.prepare(
            "INSERT INTO affected (name, ecosystem, record, packed) VALUES (?, ?, ?, ?)"
        )
        deleteAffected = try file.prepare("DELETE FROM affected WHERE name = ? AND ecosystem = ? AND record = ?")
        insertEcosystem = try file.prepare("INSERT INTO ecosystem (text) VALUES (?)")
        var known: [String: Int64] = [:]
        try file.prepare("SELECT id, text FROM ecosystem").forEach { row throws(AdvisoryError) in
            known[row.text(1) ?? ""] = row.integer(0)
        }
        ecosystems = known
    }

    /// Takes `record` in when it is newer than what the snapshot has.
    ///
    /// Records are told apart by id and `scope`, the folder that they came in: AlmaLinux has one id in several release folders, with
    /// different packages in each. A withdrawal counts for the id in every folder.
    func add(_ record: OSVRecord, scope: String) throws(AdvisoryError) -> Outcome {
        var rows: [Row] = []
        try find.forEach([.text(record.id)]) { row throws(AdvisoryError) in
            rows.append(
                Row(
                    id: row.integer(0),
                    scope: row.text(1) ?? "",
                    modified: row.integer(2),
                    state: RecordState(rawValue: row.integer(3)) ?? .unmatchable,
                    packages: row.bytes(4)
                )
            )
        }
        let modified = record.modified.microseconds
        let existing = rows.first { $0.scope == scope }
        if let existing, existing.modified >= modified { return .unchanged }
        if rows.contains(where: { $0.state == .withdrawn && $0.modified >= modified }) { return .unchanged }
        if record.isWithdrawn {
            for row in rows where row.id != existing?.id && row.modified <= modified && row.state != .withdrawn {
                try deletePackages(of: row)
                try updateRecord.run(
                    .integer(modified),
                    .integer(RecordState.withdrawn.rawValue),
                    .bytes([]),
                    .bytes([]),
                    .integer(row.id)
                )
            }
        }
        return try store(record, scope: scope, over: existing)
    }

    private func store(_ record: OSVRecord, scope: String, over existing: Row?) throws(AdvisoryError) -> Outcome {
        let entries = try packedEntries(of: record)
        let state = SnapshotWriter.state(of: record, isMatchable: !entries.isEmpty)
        var packages = PackedWriter()
        for entry in entries {
            packages.append(Int(entry.ecosystem))
            packages.append(entry.name)
        }
        let header = state == .active ? PackedHeader(record).packed : []
        let modified = record.modified.microseconds
        let row: Int64
        if let existing {
            try deletePackages(of: existing)
            try updateRecord.run(
                .integer(modified),
                .integer(state.rawValue),
                .bytes(header),
                .bytes(packages.bytes),
                .integer(existing.id)
            )
            row = existing.id
        } else {
            try insertRecord.run(
                .text(record.id),
                .text(scope),
                .integer(modified),
                .integer(state.rawValue),
                .bytes(header),
                .bytes(packages.bytes)
            )
            row = file.lastInsertedRow
        }
        for entry in entries {
            try insertAffected.run(
                .text(entry.name),
                .integer(entry.ecosystem),
                .integer(row),
                .bytes(entry.packed.bytes)
            )
        }
        return existing == nil ? .added(state) : .replaced(state)
    }

    private static func state(of record: OSVRecord, isMatchable: Bool) -> RecordState {
        if record.isWithdrawn { return .withdrawn }
        if isMatchable { return .active }
        let isNotice = record.affected.contains { $0.informational != nil }
        return isNotice ? .informational : .unmatchable
    }

    private struct Entries {
        let name: String
        let ecosystem: Int64
        var packed: PackedWriter
    }

    /// The entries of `record` by package: the same one may occur several times in a record.
    private func packedEntries(of record: OSVRecord) throws(AdvisoryError) -> [Entries] {
        guard !record.isWithdrawn else { return [] }
        var entries: [Entries] = []
        var places: [OSVRecord.AffectedPackage: Int] = [:]
        for affected in record.affected {
            guard let package = affected.package else { continue }
            let ecosystem = Ecosystem(package.ecosystem)
            guard
                let entry = PackedEntry(affected, ecosystem: ecosystem, source: record.id, unusable: &unusableRanges)
            else {
                continue
            }
            let name = ecosystem.normalized(name: package.name)
            let key = OSVRecord.AffectedPackage(ecosystem: ecosystem.text, name: name)
            if let place = places[key] {
                entry.write(to: &entries[place].packed)
                continue
            }
            places[key] = entries.count
            var packed = PackedWriter()
            entry.write(to: &packed)
            entries.append(Entries(name: name, ecosystem: try number(of: ecosystem), packed: packed))
        }
        return entries
    }

    private func number(of ecosystem: Ecosystem) throws(AdvisoryError) -> Int64 {
        let text = ecosystem.text
        if let number = ecosystems[text] { return number }
        try insertEcosystem.run(.text(text))
        let number = file.lastInsertedRow
        ecosystems[text] = number
        return number
    }

    private func deletePackages(of row: Row) throws(AdvisoryError) {
        var reader = PackedReader(row.packages)
        while !reader.isAtEnd {
            let ecosystem = Int64(try reader.number())
            try deleteAffected.run(.text(try reader.string()), .integer(ecosystem), .integer(row.id))
        }
    }
}
