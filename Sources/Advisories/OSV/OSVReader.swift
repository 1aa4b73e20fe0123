/// Reads one OSV record from its JSON.
///
/// What is unknown is skipped, what is missing is empty, and a field of another type than the schema says counts as missing: all of
/// it occurs. Only an unreadable text, a record without a usable `modified`, and one beyond ``OSVLimits`` are damaged.
struct OSVReader {
    var json: JSONReader
    var record = OSVRecord()
    private var details = ""
    private var modified: AdvisoryDate?

    private init(_ bytes: [UInt8]) { json = JSONReader(bytes) }

    /// Why a record cannot be used.
    struct Damage: Error, Equatable {
        let reason: String
    }

    /// Reads `bytes`; nil when they are a JSON object without an `id`, which is something else.
    static func read(_ bytes: [UInt8]) throws(Damage) -> OSVRecord? {
        guard bytes.count <= OSVLimits.recordInBytes else {
            throw Damage(reason: "the record is larger than \(OSVLimits.recordInBytes >> 20) MiB")
        }
        var reader = OSVReader(bytes)
        do {
            return try reader.readRecord()
        } catch let damage as Damage {
            throw damage
        } catch {
            throw Damage(reason: "\(error)")
        }
    }

    private mutating func readRecord() throws -> OSVRecord? {
        guard try json.openObject() else { return nil }
        while let key = try json.nextKey() { try readMember(key) }
        try json.finish()
        guard !record.id.isEmpty else { return nil }
        guard record.id.utf8.count <= OSVLimits.nameInBytes else { throw Damage(reason: "the id is too long") }
        guard let modified else { throw Damage(reason: "\(record.id) has no modified time") }
        record.modified = modified
        record.summary = OSVReader.summary(record.summary, details)
        return record
    }

    private mutating func readMember(_ key: String) throws {
        switch key {
        case "id": record.id = try json.string() ?? ""
        case "modified": modified = try json.string().flatMap { AdvisoryDate($0) }
        case "published": record.published = try json.string().flatMap { AdvisoryDate($0) }
        // A time that cannot be read is still a withdrawal.
        case "withdrawn": record.isWithdrawn = try json.string().map { !$0.isEmpty } ?? false
        case "summary": record.summary = try json.string() ?? ""
        case "details": details = try json.string() ?? ""
        case "aliases": record.aliases = try readStrings(OSVLimits.identifiers)
        case "upstream": record.upstream = try readStrings(OSVLimits.identifiers)
        case "related": record.related = try readStrings(OSVLimits.identifiers)
        case "severity": record.severity = try readSeverity()
        case "affected": try readAffected()
        case "references": try readReferences()
        case "database_specific": try readDatabaseSpecific()
        default: try json.skip()
        }
    }

    mutating func readStrings(_ limit: Int) throws -> [String] {
        var strings: [String] = []
        guard try json.openArray() else { return strings }
        while try json.nextItem() {
            guard let string = try json.string(), !string.isEmpty else { continue }
            guard strings.count < limit else { throw Damage(reason: "\(record.id) has a list of more than \(limit)") }
            strings.append(string)
        }
        return strings
    }

    mutating func readSeverity() throws -> [OSVRecord.SeverityEntry] {
        var entries: [OSVRecord.SeverityEntry] = []
        guard try json.openArray() else { return entries }
        while try json.nextItem() {
            guard try json.openObject() else { continue }
            var entry = OSVRecord.SeverityEntry(type: "", score: "")
            while let key = try json.nextKey() {
                switch key {
                case "type": entry.type = try json.string() ?? ""
                case "score": entry.score = try json.string() ?? ""
                default: try json.skip()
                }
            }
            if entries.count < OSVLimits.cwes { entries.append(entry) }
        }
        return entries
    }

    private mutating func readReferences() throws {
        guard try json.openArray() else { return }
        while try json.nextItem() {
            guard try json.openObject() else { continue }
            var reference = Advisory.Reference(type: "", url: "")
            while let key = try json.nextKey() {
                switch key {
                case "type": reference.type = try json.string() ?? ""
                case "url": reference.url = try json.string() ?? ""
                default: try json.skip()
                }
            }
            guard !reference.url.isEmpty, reference.url.utf8.count <= OSVLimits.urlInBytes,
                record.references.count < OSVLimits.references,
                !record.references.contains(where: { $0.url == reference.url })
            else {
                continue
            }
            record.references.append(reference)
        }
    }

    private mutating func readDatabaseSpecific() throws {
        guard try json.openObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "severity": record.word = try json.string()
            case "cwe_ids", "cwes": try readWeaknesses()
            default: try json.skip()
            }
        }
    }

    /// Strings, or objects with `cweId`.
    mutating func readWeaknesses() throws {
        guard try json.openArray() else { return }
        while try json.nextItem() {
            // `string` would skip an object whose member is wanted, so the object is tried on a copy.
            var ahead = json
            var id = try ahead.string()
            if id == nil {
                guard try json.openObject() else { continue }
                while let key = try json.nextKey() {
                    if key == "cweId" { id = try json.string() } else { try json.skip() }
                }
            } else {
                json = ahead
            }
            guard let id, id.hasPrefix("CWE-"), id.utf8.count < 16, record.cwes.count < OSVLimits.cwes else { continue }
            if !record.cwes.contains(id) { record.cwes.append(id) }
        }
    }

    /// The summary, or the first line of the details that says something, cut to a length for reading.
    private static func summary(_ summary: String, _ details: String) -> String {
        let text =
            summary.isEmpty
            ? details.prefix(OSVLimits.searchedDetails).split(whereSeparator: \.isNewline).lazy.map {
                $0.drop { $0 == "#" || $0 == " " }
            }
            .first { !$0.isEmpty }.map(String.init) ?? ""
            : summary
        guard text.utf8.count > OSVLimits.summaryInBytes else { return text }
        var cut = ""
        for character in text {
            guard cut.utf8.count + character.utf8.count <= OSVLimits.summaryInBytes - 3 else { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
