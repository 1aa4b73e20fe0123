import Testing

@testable import Advisories

/// Facts, section 1, "Evaluation".
@Suite struct EvaluationTests {
    private func range(_ events: [String], type: String = "ECOSYSTEM", order: VersionOrderKind = .pep440)
        -> PackedRange?
    {
        let parsed = fixtureEvents(events).flatMap { event in
            event.map { key, version in
                let kinds: [String: OSVRecord.Event.Kind] = [
                    "introduced": .introduced, "fixed": .fixed, "last_affected": .lastAffected, "limit": .limit,
                ]
                return OSVRecord.Event(kind: kinds[key] ?? .introduced, version: version)
            }
        }
        return PackedRange(OSVRecord.Range(type: type, events: parsed), order: order)
    }

    private func verdict(_ events: [String], _ version: String) throws -> PackedRange.Verdict {
        let probe = try #require(VersionOrderKind.pep440.probe(Array(version.utf8)[...]))
        return try #require(range(events)).verdict(probe)
    }

    // (events, version, affected, fix)
    @Test(
        arguments: [
            // introduced and fixed are the ends of a half-open interval.
            (["introduced 1", "fixed 2"], "0.9", false, nil), (["introduced 1", "fixed 2"], "1", true, "2"),
            (["introduced 1", "fixed 2"], "1.9", true, "2"), (["introduced 1", "fixed 2"], "2", false, nil),
            // Zero of introduced comes before everything, a dev release of 0 too.
            (["introduced 0", "fixed 2"], "0.dev1", true, "2"), (["introduced 0"], "99", true, nil),
            // fixed 0 is the version 0.
            (["introduced 0", "fixed 0"], "1", false, nil), (["introduced 0", "fixed 0"], "0.dev1", true, "0"),
            // last_affected is inside.
            (["introduced 1", "last_affected 2"], "2", true, nil),
            (["introduced 1", "last_affected 2"], "2.0.1", false, nil),
            // Events come in any order.
            (["fixed 2", "introduced 3", "introduced 0", "fixed 4"], "1", true, "2"),
            (["fixed 2", "introduced 3", "introduced 0", "fixed 4"], "2.5", false, nil),
            (["fixed 2", "introduced 3", "introduced 0", "fixed 4"], "3.5", true, "4"),
            // fixed and last_affected in one array, behind different introduced.
            (["introduced 1", "fixed 2", "introduced 3", "last_affected 4"], "1.5", true, "2"),
            (["introduced 1", "fixed 2", "introduced 3", "last_affected 4"], "4", true, nil),
            (["introduced 1", "last_affected 2", "introduced 3", "fixed 4"], "1.5", true, nil),
            // Fixed and introduced at once: affected there.
            (["introduced 1", "fixed 2", "introduced 2", "fixed 3"], "2", true, "3"),
            // Introduced and last affected at once: that version alone.
            (["introduced 2", "last_affected 2"], "2", true, nil),
            (["introduced 2", "last_affected 2"], "2.1", false, nil),
            // Limits: below any of them.
            (["introduced 0", "limit 2"], "1", true, nil), (["introduced 0", "limit 2"], "2", false, nil),
            (["introduced 0", "limit 2", "limit 3"], "2.5", true, nil), (["introduced 0", "limit *"], "99", true, nil),
            (["introduced 0", "limit 2", "limit *"], "99", true, nil),
        ] as [([String], String, Bool, String?)]
    )
    func versionInARange(events: [String], version: String, isAffected: Bool, fix: String?) throws {
        let verdict = try verdict(events, version)
        #expect(verdict.isAffected == isAffected)
        #expect(verdict.fixed.map { String(decoding: $0, as: UTF8.self) } == fix)
    }

    @Test func lastAffectedIsToldWhereNoFixIs() throws {
        let verdict = try verdict(["introduced 1", "last_affected 2"], "1.5")
        #expect(verdict.lastAffected.map { String(decoding: $0, as: UTF8.self) } == "2")
    }

    @Test func rangesOfNoUseAreLeftOut() {
        #expect(range(["introduced 0"], type: "GIT") == nil)
        #expect(range(["fixed 1"]) == nil)
        #expect(range([]) == nil)
        #expect(range(["introduced 0", "fixed <unfixed>"], order: .apk) == nil)
        #expect(range(["introduced 0", "fixed 0"], order: .apk) != nil)
    }

    @Test func versionsThatARangeHoldsAreNotStoredTwice() throws {
        let affected = OSVRecord.Affected(
            ranges: [
                OSVRecord.Range(
                    type: "ECOSYSTEM",
                    events: [.init(kind: .introduced, version: "0"), .init(kind: .fixed, version: "2")]
                )
            ],
            versions: ["1", "1.5", "2", "zebra", "3.0"]
        )
        var unusable = 0
        let entry = try #require(PackedEntry(affected, ecosystem: Ecosystem("PyPI"), source: "X", unusable: &unusable))
        #expect(entry.versions.map { String(decoding: $0, as: UTF8.self) } == ["2", "3.0"])
    }

    @Test func packedEntryReadsBack() throws {
        let affected = OSVRecord.Affected(
            ranges: [
                OSVRecord.Range(
                    type: "ECOSYSTEM",
                    events: [.init(kind: .introduced, version: "1"), .init(kind: .fixed, version: "2")]
                )
            ],
            versions: ["9"],
            severity: [OSVRecord.SeverityEntry(type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")],
            urgency: "low",
            cves: [
                OSVRecord.CVESeverity(
                    id: "CVE-2024-1111",
                    severity: [OSVRecord.SeverityEntry(type: "Ubuntu", score: "high")]
                )
            ]
        )
        var unusable = 0
        var writer = PackedWriter()
        try #require(PackedEntry(affected, ecosystem: Ecosystem("Debian:12"), source: "X", unusable: &unusable)).write(
            to: &writer
        )
        var reader = PackedReader(writer.bytes)
        let entry = try PackedEntry(&reader)
        #expect(reader.isAtEnd)
        #expect(entry.rating?.cvss?.score == 9.8)
        #expect(entry.urgency == "low")
        #expect(entry.cves.map(\.rating?.severity) == [.high])
        #expect(entry.ranges.first?.order == .dpkg)
        #expect(entry.ranges.first?.events.map(\.kind) == [.introduced, .fixed])
        #expect(entry.versions.count == 1)
        // Cut anywhere, it is an error.
        for length in 0..<writer.bytes.count {
            var reader = PackedReader(Array(writer.bytes[..<length]))
            #expect(throws: AdvisoryError.self) { try PackedEntry(&reader) }
        }
    }
}
