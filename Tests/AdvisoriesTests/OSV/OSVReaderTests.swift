import Foundation
import Testing

@testable import Advisories

/// Facts, sections 1 and 11: what a record may lack or have in excess.
@Suite struct OSVReaderTests {
    private func read(_ text: String) throws -> OSVRecord? { try OSVReader.read(Array(text.utf8)) }

    @Test func everySampleIsRead() throws {
        for folder in ["osv/samples", "osv/small/PyPI", "osv/small/Debian", "osv/small/Alpine", "osv/Debian/unfixed"] {
            guard let path = Samples.path(folder) else { continue }
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "PROVENANCE.json" {
                let bytes = Array(FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data())
                let record = try #require(try OSVReader.read(bytes), "\(name)")
                #expect(!record.affected.isEmpty, "\(name)")
            }
        }
    }

    @Test func allPartsAreRead() throws {
        let record = try #require(
            try read(
                """
                {"schema_version":"1.7.5","id":"X-1","modified":"2024-01-02T03:04:05.678Z","published":"2024-01-01T00:00:00Z",
                "summary":"A flaw","details":"Long","aliases":["CVE-2024-1111"],"upstream":["U"],"related":["R"],
                "severity":[{"type":"CVSS_V3","score":"V"}],
                "affected":[{"package":{"ecosystem":"PyPI","name":"a","purl":"pkg:pypi/a"},
                "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}],"versions":["0.1"],
                "ecosystem_specific":{"urgency":"low"},"database_specific":{"severity":"High"}}],
                "references":[{"type":"WEB","url":"https://example.com"}],
                "database_specific":{"severity":"MODERATE","cwe_ids":["CWE-79"]},"future_field":{"x":[1]}}
                """
            )
        )
        #expect(record.id == "X-1")
        #expect(record.modified.description == "2024-01-02T03:04:05Z")
        #expect(record.published?.description == "2024-01-01T00:00:00Z")
        #expect(record.summary == "A flaw")
        #expect([record.aliases, record.upstream, record.related] == [["CVE-2024-1111"], ["U"], ["R"]])
        #expect(record.severity == [OSVRecord.SeverityEntry(type: "CVSS_V3", score: "V")])
        #expect(record.word == "MODERATE")
        #expect(record.cwes == ["CWE-79"])
        #expect(record.references == [Advisory.Reference(type: "WEB", url: "https://example.com")])
        let entry = try #require(record.affected.first)
        #expect(entry.package == OSVRecord.AffectedPackage(ecosystem: "PyPI", name: "a"))
        #expect(entry.ranges.first?.events.map(\.version) == ["0", "1"])
        #expect(entry.versions == ["0.1"])
        #expect(entry.urgency == "low")
        #expect(entry.word == "High")
    }

    @Test func missingArraysAndNullsAreEmpty() throws {
        let record = try #require(
            try read(
                #"{"id":"X","modified":"2024-01-01T00:00:00Z","aliases":null,"affected":[{"package":null,"ranges":null},{},null,7]}"#
            )
        )
        #expect(record.affected.count == 2)
        #expect(record.affected.allSatisfy { $0.package == nil && $0.ranges.isEmpty })
        #expect(record.aliases.isEmpty)
    }

    @Test func fieldOfAnotherTypeCountsAsMissing() throws {
        let record = try #require(
            try read(
                #"{"id":"X","modified":"2024-01-01T00:00:00Z","summary":7,"severity":"high","references":{},"aliases":[1,"A"]}"#
            )
        )
        #expect(record.summary.isEmpty)
        #expect(record.severity.isEmpty)
        #expect(record.aliases == ["A"])
    }

    @Test func recordWithoutPackageIsRead() throws {
        let record = try #require(
            try read(
                #"{"id":"PSF-1","modified":"2024-01-01T00:00:00Z","affected":[{"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]}]}"#
            )
        )
        #expect(record.affected.first?.package == nil)
    }

    @Test func objectWithoutIdIsSomethingElse() throws {
        #expect(try read(#"{"document":{"category":"csaf_vex"}}"#) == nil)
        #expect(try read("[1]") == nil)
    }

    @Test(arguments: [
        #"{"id":"X"}"#, #"{"id":"X","modified":"yesterday"}"#, #"{"id":"X","modified":"2024-01-01T00:00:00Z""#,
        #"{"id":"X","modified":"2024-01-01T00:00:00Z"}}"#,
    ])
    func damagedRecordIsTold(text: String) {
        #expect(throws: OSVReader.Damage.self) { try read(text) }
    }

    @Test func yearOneIsReadAndCountsAsUnknown() throws {
        let record = try #require(
            try read(#"{"id":"GO-1","modified":"0001-01-01T00:00:00Z","published":"0001-01-01T00:00:00Z"}"#)
        )
        #expect(!record.modified.isKnown)
        #expect(PackedHeader(record).published == nil)
    }

    @Test func withdrawnTimeThatCannotBeReadIsStillAWithdrawal() throws {
        #expect(try read(#"{"id":"X","modified":"2024-01-01T00:00:00Z","withdrawn":"2023"}"#)?.isWithdrawn == true)
        #expect(try read(#"{"id":"X","modified":"2024-01-01T00:00:00Z","withdrawn":null}"#)?.isWithdrawn == false)
    }

    @Test func detailsStandInForAMissingSummaryAndLongOnesAreCut() throws {
        let line = try read(#"{"id":"X","modified":"2024-01-01T00:00:00Z","details":"\n\n## Impact\nMore"}"#)
        #expect(line?.summary == "Impact")
        let long = String(repeating: "é", count: 1_000)
        let cut = try read("{\"id\":\"X\",\"modified\":\"2024-01-01T00:00:00Z\",\"summary\":\"\(long)\"}")
        #expect((cut?.summary.utf8.count ?? 0) <= OSVLimits.summaryInBytes)
        #expect(cut?.summary.hasSuffix("…") == true)
    }

    @Test func weaknessesAreReadInEveryForm() throws {
        let record = try read(
            #"{"id":"X","modified":"2024-01-01T00:00:00Z","database_specific":{"cwes":[{"cweId":"CWE-1"},"CWE-2",3,"bad"]}}"#
        )
        #expect(record?.cwes == ["CWE-1", "CWE-2"])
    }

    @Test func listsBeyondTheirLimitAreDamage() {
        let ids = Array(repeating: "\"A\"", count: OSVLimits.identifiers + 1).joined(separator: ",")
        #expect(throws: OSVReader.Damage.self) {
            try read("{\"id\":\"X\",\"modified\":\"2024-01-01T00:00:00Z\",\"aliases\":[\(ids)]}")
        }
        let events = Array(repeating: #"{"introduced":"1"}"#, count: OSVLimits.events + 1).joined(separator: ",")
        #expect(throws: OSVReader.Damage.self) {
            try read(
                "{\"id\":\"X\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[{\"ranges\":[{\"events\":[\(events)]}]}]}"
            )
        }
    }

    @Test func mutatedRecordsNeverTrap() throws {
        var seeds = [
            RecordFixture(
                "GHSA-1",
                [affected("PyPI", "a", ["introduced 0", "fixed 1.0"], versions: ["0.1", "0.2"])],
                ["aliases": ["CVE-2024-1234"], "severity": [["type": "CVSS_V3", "score": "CVSS:3.1/AV:N"]]]
            ).bytes
        ]
        for name in [
            "USN-5614-1", "RLSA-2023_0005", "SUSE-SU-403_Forbidden-1", "MAL-2025-191157", "BIT-node-2020-8201",
        ] {
            guard let path = Samples.path("osv/samples/\(name).json") else { continue }
            seeds.append(Array(FileManager.default.contents(atPath: path) ?? Data()))
        }
        var read = 0
        try Mutation.run(seeds, seed: 21) { text in
            guard let record = try? OSVReader.read(text) else { return }
            read += 1
            var unusable = 0
            for entry in record.affected {
                let ecosystem = Ecosystem(entry.package?.ecosystem ?? "")
                _ = PackedEntry(entry, ecosystem: ecosystem, source: record.id, unusable: &unusable)
            }
            #expect(!PackedHeader(record).packed.isEmpty)
        }
        #expect(read > 0)
    }
}
