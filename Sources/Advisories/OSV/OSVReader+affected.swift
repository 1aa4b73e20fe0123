extension OSVReader {
    mutating func readAffected() throws {
        guard try json.openArray() else { return }
        while try json.nextItem() {
            guard try json.openObject() else { continue }
            guard record.affected.count < OSVLimits.affected else {
                throw Damage(reason: "\(record.id) has more than \(OSVLimits.affected) affected entries")
            }
            var entry = OSVRecord.Affected()
            while let key = try json.nextKey() {
                switch key {
                case "package": entry.package = try readPackage()
                case "ranges": entry.ranges = try readRanges()
                case "versions": entry.versions = try readStrings(OSVLimits.versions)
                case "severity": entry.severity = try readSeverity()
                case "ecosystem_specific", "database_specific": try readSpecific(into: &entry)
                default: try json.skip()
                }
            }
            record.affected.append(entry)
        }
    }

    private mutating func readPackage() throws -> OSVRecord.AffectedPackage? {
        guard try json.openObject() else { return nil }
        var package = OSVRecord.AffectedPackage(ecosystem: "", name: "")
        while let key = try json.nextKey() {
            switch key {
            case "ecosystem": package.ecosystem = try json.string() ?? ""
            case "name": package.name = try json.string() ?? ""
            // The purl says nothing that the other two do not, and SUSE's begin with `purl:`.
            default: try json.skip()
            }
        }
        guard !package.ecosystem.isEmpty, !package.name.isEmpty else { return nil }
        guard max(package.name.utf8.count, package.ecosystem.utf8.count) <= OSVLimits.nameInBytes else {
            throw Damage(reason: "\(record.id) has a package whose name is too long")
        }
        return package
    }

    private mutating func readRanges() throws -> [OSVRecord.Range] {
        var ranges: [OSVRecord.Range] = []
        guard try json.openArray() else { return ranges }
        while try json.nextItem() {
            guard try json.openObject() else { continue }
            guard ranges.count < OSVLimits.ranges else {
                throw Damage(reason: "\(record.id) has more than \(OSVLimits.ranges) ranges in an entry")
            }
            var range = OSVRecord.Range(type: "")
            while let key = try json.nextKey() {
                switch key {
                case "type": range.type = try json.string() ?? ""
                case "events": range.events = try readEvents()
                default: try json.skip()
                }
            }
            ranges.append(range)
        }
        return ranges
    }

    private mutating func readEvents() throws -> [OSVRecord.Event] {
        var events: [OSVRecord.Event] = []
        guard try json.openArray() else { return events }
        while try json.nextItem() {
            guard try json.openObject() else { continue }
            while let key = try json.nextKey() {
                let kind: OSVRecord.Event.Kind
                switch key {
                case "introduced": kind = .introduced
                case "fixed": kind = .fixed
                case "last_affected": kind = .lastAffected
                case "limit": kind = .limit
                default:
                    try json.skip()
                    continue
                }
                guard let version = try json.string() else { continue }
                guard events.count < OSVLimits.events else {
                    throw Damage(reason: "\(record.id) has more than \(OSVLimits.events) events in a range")
                }
                events.append(OSVRecord.Event(kind: kind, version: version))
            }
        }
        return events
    }

    private mutating func readSpecific(into entry: inout OSVRecord.Affected) throws {
        guard try json.openObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "urgency": entry.urgency = try json.string()
            case "severity": entry.word = try json.string() ?? entry.word
            case "informational": entry.informational = try json.string()
            // RustSec's vector stands here too.
            case "cvss":
                if let vector = try json.string() {
                    entry.severity.append(OSVRecord.SeverityEntry(type: "CVSS_V3", score: vector))
                }
            case "cwes", "cwe_ids": try readWeaknesses()
            case "cves_map": try readCVEs(into: &entry)
            default: try json.skip()
            }
        }
    }

    private mutating func readCVEs(into entry: inout OSVRecord.Affected) throws {
        guard try json.openObject() else { return }
        while let key = try json.nextKey() {
            guard key == "cves" else {
                try json.skip()
                continue
            }
            guard try json.openArray() else { continue }
            while try json.nextItem() {
                guard try json.openObject() else { continue }
                var cve = OSVRecord.CVESeverity(id: "")
                while let key = try json.nextKey() {
                    switch key {
                    case "id": cve.id = try json.string() ?? ""
                    case "severity": cve.severity = try readSeverity()
                    default: try json.skip()
                    }
                }
                guard entry.cves.count < OSVLimits.identifiers else {
                    throw Damage(reason: "\(record.id) has a list of more than \(OSVLimits.identifiers)")
                }
                if !cve.id.isEmpty { entry.cves.append(cve) }
            }
        }
    }
}
