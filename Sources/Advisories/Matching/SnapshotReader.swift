/// Looks things up in a snapshot.
final class SnapshotReader {
    private let file: SnapshotFile
    private let affected: SnapshotStatement
    private let record: SnapshotStatement
    private let flaw: SnapshotStatement
    private let flawNumber: SnapshotStatement
    /// Every ecosystem that has advisories.
    let ecosystems: [(id: Int64, ecosystem: Ecosystem)]

    init(_ file: SnapshotFile) throws(AdvisoryError) {
        self.file = file
        affected = try file.prepare("SELECT record, packed FROM affected WHERE name = ? AND ecosystem = ?")
        record = try file.prepare("SELECT name, modified, advisories, header FROM record WHERE id = ?")
        flaw = try file.prepare("SELECT name, packed FROM advisory WHERE id = ?")
        flawNumber = try file.prepare("SELECT id FROM advisory WHERE name = ?")
        var found: [(id: Int64, ecosystem: Ecosystem)] = []
        try file.prepare("SELECT id, text FROM ecosystem WHERE records > 0").forEach { row throws(AdvisoryError) in
            found.append((row.integer(0), Ecosystem(row.text(1) ?? "")))
        }
        ecosystems = found
    }

    /// Runs `body` inside one transaction: beginning one for each look-up costs as much as the look-up.
    func batch<Result>(_ body: () throws(AdvisoryError) -> Result) throws(AdvisoryError) -> Result {
        try file.execute("BEGIN")
        do {
            let result = try body()
            try file.execute("COMMIT")
            return result
        } catch {
            // What failed is thrown below; a read that cannot be rolled back has nothing to lose.
            try? file.execute("ROLLBACK")
            throw error
        }
    }

    /// A record, without what it says of single packages.
    final class Record {
        let name: String
        let modified: AdvisoryDate
        /// The numbers of the flaws that it is about: its own, or the CVEs that it names.
        let flaws: [Int]
        let header: PackedHeader

        init(name: String, modified: AdvisoryDate, flaws: [Int], header: PackedHeader) {
            self.name = name
            self.modified = modified
            self.flaws = flaws
            self.header = header
        }
    }

    /// A flaw, without what the records that match say of it.
    final class Flaw {
        let name: String
        let known: PackedAdvisory

        init(name: String, known: PackedAdvisory) {
            self.name = name
            self.known = known
        }
    }

    /// Calls `row` with each record about `name` in one of `ecosystems`.
    func entries(
        _ name: String,
        in ecosystems: [Int64],
        row: (_ record: Int64, _ packed: [UInt8]) throws(AdvisoryError) -> Void
    ) throws(AdvisoryError) {
        for ecosystem in ecosystems {
            try affected.forEach([.text(name), .integer(ecosystem)]) { found throws(AdvisoryError) in
                try row(found.integer(0), found.bytes(1))
            }
        }
    }

    /// The record in `row`.
    func record(_ row: Int64) throws(AdvisoryError) -> Record {
        var result: Record?
        try record.forEach([.integer(row)]) { found throws(AdvisoryError) in
            let name = found.text(0) ?? ""
            var packed = PackedReader(found.bytes(2))
            var flaws: [Int] = []
            while !packed.isAtEnd { flaws.append(try packed.number()) }
            result = Record(
                name: name,
                modified: AdvisoryDate(microseconds: found.integer(1)),
                flaws: flaws,
                header: try PackedHeader(packed: found.bytes(3), source: name)
            )
        }
        guard let result else { throw missing() }
        return result
    }

    /// The flaw of `number`.
    func flaw(_ number: Int) throws(AdvisoryError) -> Flaw {
        var result: Flaw?
        try flaw.forEach([.integer(Int64(number))]) { row throws(AdvisoryError) in
            result = Flaw(name: row.text(0) ?? "", known: try PackedAdvisory(packed: row.bytes(1)))
        }
        guard let result else { throw missing() }
        return result
    }

    /// The number of the flaw `name`; nil when no record is about it alone or by its header.
    func number(of name: String) throws(AdvisoryError) -> Int? {
        var number: Int?
        try flawNumber.forEach([.text(name)]) { row throws(AdvisoryError) in number = Int(row.integer(0)) }
        return number
    }

    private func missing() -> AdvisoryError {
        AdvisoryError(.unusableDatabase, "the advisory database \(file.path) lacks a row: import anew")
    }

    /// Reads the state of the snapshot.
    func status() throws(AdvisoryError) -> AdvisorySnapshotStatus { try AdvisorySnapshotStatus(file) }
}
