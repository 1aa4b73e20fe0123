/// Reads sources into a snapshot that is being made, on one thread.
final class SnapshotImporter {
    private let writer: SnapshotWriter
    private let limits: AdvisoryImportLimits
    private let isCancelled: @Sendable () -> Bool
    private(set) var report = AdvisoryImportReport()

    init(
        _ file: SnapshotFile,
        limits: AdvisoryImportLimits,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(AdvisoryError) {
        writer = try SnapshotWriter(file)
        self.limits = limits
        self.isCancelled = isCancelled
    }

    /// Reads the file or directory at `path`. `name` is what messages call it.
    func read(_ path: String, name: String? = nil) throws {
        guard SourceWalk.isDirectory(path) else { return try readFile(SourceFile(path), name: name ?? path) }
        var walk = SourceWalk(path, limits: limits)
        while let path = try walk.next() {
            let file: SourceFile
            do {
                file = try SourceFile(path)
            } catch {
                // One file that may not be opened, or a pipe, is no reason to leave a directory out.
                damage(path, error.message)
                continue
            }
            try readFile(file, name: path)
        }
    }

    private func readFile(_ file: SourceFile, name: String) throws {
        try checkCancellation()
        switch file.kind {
        case .archive: try readArchive(file, name: name)
        case .plain:
            guard let bytes = try file.read(limit: limits.fileInBytes) else {
                return damage(name, "it is larger than \(limits.fileInBytes) bytes")
            }
            try take(bytes, path: name, name: name)
        }
    }

    private func readArchive(_ file: SourceFile, name: String) throws {
        let archive = try ArchiveReader(
            file.descriptor,
            sizeInBytes: file.sizeInBytes,
            name: name,
            limits: limits
        )
        while let entry = try archive.next() {
            try checkCancellation()
            switch entry {
            case .file(let path, let bytes): try take(bytes, path: path, name: "\(name): \(path)")
            case .damaged(let path, let reason): damage("\(name): \(path)", reason)
            }
        }
    }

    /// Ends the import: groups and counts what the snapshot has now.
    func finish(at date: AdvisoryDate) throws {
        try checkCancellation()
        try writer.finish(at: date)
    }

    private func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
    }

    private func damage(_ path: String, _ reason: String) {
        report.addDamage(path, reason, listing: limits.listedDamage)
    }

    /// Takes one file in, whatever it turns out to be.
    private func take(_ bytes: [UInt8], path: String, name: String) throws(AdvisoryError) {
        switch bytes.first(where: { !$0.isBlank && $0 < 0x80 }) {
        case UInt8(ascii: "{"): try takeJSON(bytes, path: path, name: name)
        case _ where EPSSScores.isRecognized(bytes): try takeScores(bytes, name: name)
        // A record that was cut to nothing, or filled with anything, is damaged all the same.
        case UInt8(ascii: "["): report.ignored += 1
        case _ where path.hasSuffix(".json"): damage(name, "it is no JSON object")
        default: report.ignored += 1
        }
    }

    private func takeJSON(_ bytes: [UInt8], path: String, name: String) throws(AdvisoryError) {
        let record: OSVRecord?
        do {
            record = try OSVReader.read(bytes)
        } catch {
            return damage(name, error.reason)
        }
        guard let record else { return try takeCatalog(bytes, name: name) }
        switch try writer.add(record, scope: SnapshotImporter.scope(of: path, id: record.id)) {
        case .unchanged: report.unchanged += 1
        case .added(let state):
            report.added += 1
            count(state)
        case .replaced(let state):
            report.replaced += 1
            count(state)
        }
        report.unusableRanges = writer.unusableRanges
    }

    private func count(_ state: RecordState) {
        switch state {
        case .active: break
        case .withdrawn: report.withdrawn += 1
        case .informational: report.informational += 1
        case .unmatchable: report.unmatchable += 1
        }
    }

    /// The folder that a record lies in, which tells copies of one id apart. osv.dev's own folders, named after the ecosystem or the
    /// record, count as none, so that a record is the same whether it comes in an archive or unpacked.
    private static func scope(of path: String, id: String) -> String {
        let parts = path.split(separator: "/")
        guard parts.count > 1 else { return "" }
        let folder = String(parts[parts.count - 2])
        return folder == id || Ecosystem(folder).order != nil ? "" : folder
    }

    private func takeCatalog(_ bytes: [UInt8], name: String) throws(AdvisoryError) {
        let catalog: KnownExploitedCatalog?
        do {
            catalog = try KnownExploitedCatalog.read(bytes)
        } catch {
            return damage(name, "\(error)")
        }
        guard let catalog else {
            report.ignored += 1
            return
        }
        for _ in 0..<catalog.damaged { damage(name, "an entry has no CVE id") }
        if try writer.replace(catalog) { report.knownExploited = catalog.entries.count }
    }

    private func takeScores(_ bytes: [UInt8], name: String) throws(AdvisoryError) {
        guard let scores = EPSSScores.read(bytes) else { return damage(name, "it has no header with cve and epss") }
        for _ in 0..<scores.damaged { damage(name, "a line is no score") }
        if try writer.replace(scores) { report.epssScores = scores.rows.count }
    }
}
