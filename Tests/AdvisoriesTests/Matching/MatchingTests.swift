import Testing

@testable import Advisories

/// Facts, sections 1, 3 and 11: which records match a package, and what is told of its fix.
@Suite struct MatchingTests {
    @Test func anyEntryOfTheRecordCounts() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "X-1",
                [
                    affected("PyPI", "a", ["introduced 1", "fixed 2"]),
                    affected("PyPI", "a", ["introduced 3", "fixed 4"]),
                ]
            )
        ])
        for (version, isAffected) in [("0.5", false), ("1.5", true), ("2.5", false), ("3.5", true), ("4", false)] {
            #expect(try fixture.ids("PyPI", "a", version) == (isAffected ? ["X-1"] : []), "\(version)")
        }
        #expect(try fixture.match("PyPI", "a", "3.5").first?.fixedIn == "4")
    }

    @Test func versionsAndRangesAreAUnion() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [affected("PyPI", "a", ["introduced 1", "fixed 2"], versions: ["3.0"])]),
            RecordFixture("X-2", [affected("PyPI", "b", versions: ["1.0"])]),
        ])
        #expect(try fixture.ids("PyPI", "a", "1.5") == ["X-1"])
        #expect(try fixture.ids("PyPI", "a", "3.0") == ["X-1"])
        // Listed versions are compared as text.
        #expect(try fixture.ids("PyPI", "a", "3").isEmpty)
        #expect(try fixture.ids("PyPI", "b", "1.0") == ["X-2"])
        #expect(try fixture.ids("PyPI", "b", "2.0").isEmpty)
    }

    @Test func entryWithNeitherAffectsNothing() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [affected("PyPI", "a"), ["package": ["name": "a"]]])
        ])
        #expect(try fixture.ids("PyPI", "a", "1").isEmpty)
        #expect(fixture.report.unmatchable == 1)
    }

    @Test func gitRangesAreSkippedAndDoNotStopTheOthers() async throws {
        let git: [String: Any] = [
            "type": "GIT", "repo": "https://example.com", "events": fixtureEvents(["introduced 0", "fixed abc"]),
        ]
        let own: [String: Any] = ["type": "ECOSYSTEM", "events": fixtureEvents(["introduced 0", "fixed 2"])]
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [["package": ["ecosystem": "PyPI", "name": "a"], "ranges": [git, own]]])
        ])
        #expect(try fixture.match("PyPI", "a", "1").map(\.fixedIn) == ["2"])
        #expect(try fixture.ids("PyPI", "a", "3").isEmpty)
    }

    @Test func recordWithoutPackageIsKeptOutOfTheWay() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("PSF-1", [["ranges": [["type": "GIT", "events": fixtureEvents(["introduced 0"])]]]]),
            RecordFixture("X-1", [affected("PyPI", "a", ["introduced 0"])]),
        ])
        #expect(fixture.report.unmatchable == 1)
        #expect(try fixture.ids("PyPI", "a", "1") == ["X-1"])
    }

    @Test func namesAreComparedAsTheEcosystemDoes() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [affected("PyPI", "Zope.Interface", ["introduced 0"])]),
            RecordFixture("X-2", [affected("NuGet", "Newtonsoft.Json", ["introduced 0"])]),
            RecordFixture("X-3", [affected("npm", "Left", ["introduced 0"])]),
        ])
        #expect(try fixture.ids("PyPI", "zope_interface", "1") == ["X-1"])
        #expect(try fixture.ids("NuGet", "newtonsoft.json", "1") == ["X-2"])
        #expect(try fixture.ids("npm", "left", "1").isEmpty)
    }

    // Where records differ, the smallest fix that ends them all.
    @Test func fixIsTheSmallestThatNoMatchingRecordCallsAffected() async throws {
        let alias = ["aliases": ["CVE-2024-1111"]]
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "GHSA-1",
                [affected("PyPI", "a", ["introduced 0", "fixed 2", "introduced 3", "fixed 3.1"])],
                alias
            ),
            RecordFixture("PYSEC-1", [affected("PyPI", "a", ["introduced 0", "fixed 1.5"])], alias),
            RecordFixture("PYSEC-2", [affected("PyPI", "b", ["introduced 0", "last_affected 3"])], alias),
            RecordFixture("GHSA-2", [affected("PyPI", "c", ["introduced 0"])], alias),
            RecordFixture("PYSEC-3", [affected("PyPI", "c", ["introduced 0", "fixed 4"])], alias),
        ])
        #expect(try fixture.match("PyPI", "a", "1").map(\.fixedIn) == ["2"])
        #expect(try fixture.match("PyPI", "a", "3").map(\.fixedIn) == ["3.1"])
        let open = try #require(try fixture.match("PyPI", "b", "1").first)
        #expect(open.fixedIn == nil)
        #expect(open.lastAffected == "3")
        #expect(try fixture.match("PyPI", "c", "1").map(\.fixedIn) == ["4"])
    }

    @Test func withdrawnAndInformationalRecordsDoNotMatch() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [affected("PyPI", "a", ["introduced 0"])], ["withdrawn": "2024-01-02T00:00:00Z"]),
            RecordFixture(
                "RUSTSEC-1",
                [affected("crates.io", "a", ["introduced 0"], ["database_specific": ["informational": "unmaintained"]])]
            ),
            RecordFixture(
                "RUSTSEC-2",
                [
                    affected(
                        "crates.io",
                        "a",
                        ["introduced 0"],
                        ["database_specific": ["informational": nil as String? as Any]]
                    )
                ]
            ),
        ])
        #expect(fixture.report.withdrawn == 1)
        #expect(fixture.report.informational == 1)
        #expect(try fixture.ids("PyPI", "a", "1").isEmpty)
        #expect(try fixture.ids("crates.io", "a", "1") == ["RUSTSEC-2"])
    }

    @Test func standardLibraryOfGoIsAPackageByName() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "GO-1",
                [
                    affected(
                        "Go",
                        "stdlib",
                        ["introduced 0", "fixed 1.21.8", "introduced 1.22.0-0", "fixed 1.22.1"],
                        type: "SEMVER"
                    )
                ]
            ),
            RecordFixture(
                "GO-2",
                [
                    affected(
                        "Go",
                        "example.com/m",
                        ["introduced 0", "fixed 0.0.0-20240101000000-abcdefabcdef"],
                        type: "SEMVER"
                    )
                ]
            ),
        ])
        #expect(try fixture.match("Go", "stdlib", "1.22.0").map(\.fixedIn) == ["1.22.1"])
        #expect(try fixture.ids("Go", "stdlib", "1.21.8").isEmpty)
        #expect(try fixture.ids("Go", "example.com/m", "v0.0.0-20230101000000-000000000000") == ["GO-2"])
        #expect(try fixture.ids("Go", "example.com/m", "v0.1.0").isEmpty)
    }

    @Test func versionThatCannotBeReadMatchesOnlyWhatHoldsEveryVersion() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("MAL-1", [affected("npm", "a", ["introduced 0"])]),
            RecordFixture("X-1", [affected("npm", "a", ["introduced 0", "fixed 2"])]),
        ])
        let result = try fixture.database.match([
            AdvisoryQuery(ecosystem: "npm", name: "a", version: ""),
            AdvisoryQuery(ecosystem: "npm", name: "a", version: String(repeating: "1", count: 2_000)),
            AdvisoryQuery(ecosystem: "npm", name: "a", version: "1"),
        ])
        #expect(result.matches.map(\.advisory.id) == ["MAL-1", "MAL-1", "MAL-1", "X-1"])
        #expect(result.uncomparable == [0, 1])
    }

    @Test func ecosystemOfUnknownOrderIsComparedByItsListedVersionsAndTold() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("RSEC-1", [affected("CRAN", "a", ["introduced 0", "fixed 2"], versions: ["1.0"])])
        ])
        let result = try fixture.database.match([
            AdvisoryQuery(ecosystem: "CRAN", name: "a", version: "1.0"),
            AdvisoryQuery(ecosystem: "CRAN", name: "a", version: "1.1"),
        ])
        #expect(result.matches.map(\.query) == [0])
        #expect(result.uncomparable == [0, 1])
    }

    @Test func ecosystemsWithoutAdvisoriesAreTold() async throws {
        let fixture = try await SnapshotFixture([RecordFixture("X-1", [affected("Debian:12", "a", ["introduced 0"])])])
        let result = try fixture.database.match([
            AdvisoryQuery(ecosystem: "Debian:12", name: "b", version: "1"),
            AdvisoryQuery(ecosystem: "Debian:13", name: "a", version: "1"),
            AdvisoryQuery(ecosystem: "npm", name: "a", version: "1"),
        ])
        #expect(result.matches.isEmpty)
        #expect(result.ecosystemsWithoutAdvisories == ["Debian:13", "npm"])
    }

    @Test func answersAreInTheOrderOfTheQueriesAndSameOnesShareAnAnswer() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("X-1", [affected("npm", "a", ["introduced 0"])]),
            RecordFixture("X-2", [affected("npm", "b", ["introduced 0"])]),
        ])
        let queries = ["b", "a", "b", "c"].map { AdvisoryQuery(ecosystem: "npm", name: $0, version: "1") }
        let result = try fixture.database.match(queries)
        #expect(result.matches.map(\.query) == [0, 1, 2])
        #expect(result.matches.map(\.advisory.id) == ["X-2", "X-1", "X-2"])
    }

    @Test(arguments: [
        "'; DROP TABLE affected; --", "\" OR 1=1 --", "a%", "_", "a\u{0}b", "\u{0}", "?1", "💥",
        String(repeating: "x", count: 100_000), "",
    ])
    func namesAreValuesAndNeverSQL(name: String) async throws {
        let fixture = try await SnapshotFixture([RecordFixture("X-1", [affected("npm", "a", ["introduced 0"])])])
        let result = try fixture.database.match([
            AdvisoryQuery(ecosystem: "npm", name: name, version: name),
            AdvisoryQuery(ecosystem: name, name: name, version: name),
            AdvisoryQuery(ecosystem: "npm", name: "a", version: "1"),
        ])
        #expect(result.matches.map(\.query) == [2])
    }

    @Test func recordWithSQLInItIsStoredAsItIs() async throws {
        let evil = "x'); DROP TABLE record; --"
        let fixture = try await SnapshotFixture([
            RecordFixture(
                evil,
                [affected("npm", evil, ["introduced 0"], versions: [evil])],
                ["aliases": [evil + "2"], "summary": evil]
            )
        ])
        #expect(try fixture.match("npm", evil, "1").map(\.advisory.summary) == [evil])
        #expect(try fixture.database.status().records == 1)
    }
}
