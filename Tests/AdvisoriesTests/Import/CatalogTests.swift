import Foundation
import Testing

@testable import Advisories

/// Facts, sections 8 and 9.
@Suite struct CatalogTests {
    private static func catalog(_ version: String, _ cves: [String]) -> [UInt8] {
        let entries = cves.map {
            #"{"cveID":"\#($0)","vulnerabilityName":"Name","dateAdded":"2024-01-02","dueDate":"2024-02-03","knownRansomwareCampaignUse":"Known","cwes":["CWE-1"]}"#
        }
        return Array(
            #"{"title":"t","catalogVersion":"\#(version)","dateReleased":"2024-01-01T00:00:00Z","count":1,"vulnerabilities":[\#(entries.joined(separator: ","))]}"#
                .utf8
        )
    }

    private let records = [
        RecordFixture("PYSEC-1", [affected("PyPI", "a", ["introduced 0"])], ["aliases": ["GHSA-1", "CVE-2024-1111"]]),
        RecordFixture(
            "DSA-1-1",
            [affected("Debian:12", "a", ["introduced 0"])],
            ["upstream": ["CVE-2024-1111", "CVE-2024-2222"]]
        ),
    ]

    @Test func catalogueOfTheSamplesIsRead() throws {
        guard let path = Samples.path("osv/kev-epss/known_exploited_vulnerabilities.json") else { return }
        let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
        let catalog = try #require(try KnownExploitedCatalog.read(bytes))
        #expect(catalog.entries.count == 1_404)
        #expect(catalog.version == "2025.08.25")
        #expect(catalog.damaged == 0)
    }

    @Test func exploitedFlawIsFoundThroughAliasesAndUpstream() async throws {
        let fixture = try await SnapshotFixture(
            records,
            files: ["kev.json": CatalogTests.catalog("2024.01.01", ["CVE-2024-1111"])]
        )
        #expect(fixture.report.knownExploited == 1)
        let python = try #require(try fixture.match("PyPI", "a", "1").first?.advisory)
        #expect(python.knownExploited?.added == "2024-01-02")
        #expect(python.knownExploited?.due == "2024-02-03")
        #expect(python.knownExploited?.isUsedByRansomware == true)
        let debian = try fixture.match("Debian:12", "a", "1").map(\.advisory)
        #expect(debian.map(\.id) == ["CVE-2024-1111", "CVE-2024-2222"])
        #expect(debian.map { $0.knownExploited != nil } == [true, false])
    }

    @Test func laterCatalogueReplacesAndEarlierDoesNot() async throws {
        let directory = try TemporaryDirectory()
        let database = directory.file("db")
        for (version, cve) in [
            ("2024.02.01", "CVE-2024-0002"), ("2024.01.01", "CVE-2024-0001"), ("2024.02.02", "CVE-2024-0003"),
        ] {
            let path = try directory.write(CatalogTests.catalog(version, [cve]), to: version)
            _ = try await AdvisoryImport(into: database).run([.path(path)])
        }
        let status = try AdvisoryDatabase(path: database).status()
        #expect(status.knownExploited?.version == "2024.02.02")
        #expect(status.knownExploited?.entries == 1)
    }

    @Test func entryWithoutACVEIsDamaged() async throws {
        let fixture = try await SnapshotFixture(
            [],
            files: ["kev.json": CatalogTests.catalog("2024.01.01", ["CVE-2024-1111", "x"])]
        )
        #expect(fixture.report.knownExploited == 1)
        #expect(fixture.report.damaged == 1)
    }

    // The comment with Z, with +0000, and none; with and without percentile.
    @Test(
        arguments: [
            (
                "#model_version:v2025.03.14,score_date:2025-12-26T12:55:00Z\ncve,epss,percentile\nCVE-2024-1111,0.5,0.9\n",
                "v2025.03.14", "2025-12-26T12:55:00Z", 0.9
            ),
            (
                "#model_version:v2022.01.01,score_date:2022-02-04T00:00:00+0000\r\ncve,epss,percentile\r\nCVE-2024-1111,0.5,0.9\r\n",
                "v2022.01.01", "2022-02-04T00:00:00Z", 0.9
            ),
            ("cve,epss\nCVE-2024-1111,0.5\n", "", nil, nil),
        ] as [(String, String, String?, Double?)]
    )
    func scoresOfEveryYearAreRead(text: String, model: String, date: String?, percentile: Double?) throws {
        let scores = try #require(EPSSScores.read(Array(text.utf8)))
        #expect(EPSSScores.isRecognized(Array(text.utf8)))
        #expect(scores.model == model)
        #expect(scores.date?.description == date)
        #expect(scores.rows.map(\.cve.text) == ["CVE-2024-1111"])
        #expect(scores.rows.first?.score == 0.5)
        #expect(scores.rows.first?.percentile == percentile)
    }

    @Test func sampleScoresAreRead() throws {
        for name in ["epss-2025.csv", "epss-example.csv", "epss_scores-2022-02-04.csv"] {
            guard let path = Samples.path("osv/native-samples/\(name)") else { continue }
            let scores = try #require(EPSSScores.read(Array(FileManager.default.contents(atPath: path) ?? Data())))
            #expect(!scores.rows.isEmpty)
            #expect(scores.damaged == 0)
            #expect(scores.date != nil)
        }
    }

    @Test(arguments: [
        "CVE-2024-1111", "CVE-2024-1111,", "CVE-2024-1111,2,0", "x,0.5,0.5", "CVE-2024-1111,nan,0.5",
        "CVE-2024-1111,-1,0",
    ])
    func lineThatIsNoScoreIsDamaged(line: String) {
        let scores = EPSSScores.read(Array("cve,epss,percentile\n\(line)\nCVE-2024-2222,1,1\n".utf8))
        #expect(scores?.damaged == 1)
        #expect(scores?.rows.count == 1)
    }

    @Test func compressedScoresAreKeptByCVEAndTheLikeliestAliasCounts() async throws {
        let text =
            "#model_version:m,score_date:2025-01-01T00:00:00Z\ncve,epss,percentile\nCVE-2024-1111,0.25,0.75\nCVE-2024-2222,0.125,0.5\n"
        let fixture = try await SnapshotFixture(
            records,
            files: ["epss_scores-2025-01-01.csv.gz": try ArchiveFixture.bytes(.gzip, [("x", Array(text.utf8))])]
        )
        #expect(fixture.report.epssScores == 2)
        #expect(
            try fixture.match("PyPI", "a", "1").first?.advisory.epss == Advisory.EPSS(score: 0.25, percentile: 0.75)
        )
        #expect(try fixture.match("Debian:12", "a", "1").map(\.advisory.epss?.score) == [0.25, 0.125])
        let status = try fixture.database.status()
        #expect(status.epss?.date?.description == "2025-01-01T00:00:00Z")
        #expect(status.epss?.entries == 2)
    }

    @Test func scoresOfALaterDayReplaceAndThoseOfAnEarlierDoNot() async throws {
        let directory = try TemporaryDirectory()
        let database = directory.file("db")
        for day in ["02", "01", "03"] {
            let text = "#model_version:m,score_date:2025-01-\(day)T00:00:00Z\ncve,epss\nCVE-2024-00\(day),0.5\n"
            _ = try await AdvisoryImport(into: database).run([.path(directory.write(text.utf8, to: day))])
        }
        let status = try AdvisoryDatabase(path: database).status()
        #expect(status.epss?.date?.description == "2025-01-03T00:00:00Z")
        #expect(status.epss?.entries == 1)
    }
}
