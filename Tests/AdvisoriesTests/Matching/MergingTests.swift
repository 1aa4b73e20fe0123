import Testing

@testable import Advisories

/// Facts, section 1, "aliases, upstream, related" and "Severity": many records, one flaw.
@Suite struct MergingTests {
    private func python(_ id: String, _ aliases: [String], _ more: [String: Any] = [:]) -> RecordFixture {
        RecordFixture(
            id,
            [affected("PyPI", "a", ["introduced 0", "fixed 2"])],
            more.merging(["aliases": aliases]) { $1 }
        )
    }

    private func debian(_ id: String, _ more: [String: Any], fixed: String = "2", urgency: String? = nil)
        -> RecordFixture
    {
        let specific: [String: Any] = urgency.map { ["ecosystem_specific": ["urgency": $0]] } ?? [:]
        return RecordFixture(id, [affected("Debian:12", "a", ["introduced 0", "fixed \(fixed)"], specific)], more)
    }

    private static let criticalVector = [["type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]]
    private static let critical = ["severity": criticalVector]
    private static let lowVector = [["type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"]]

    @Test func aliasesAreSymmetricAndTransitive() async throws {
        // GHSA names CVE, PYSEC names GHSA, and the CVE record names nobody.
        let fixture = try await SnapshotFixture([
            python("GHSA-1", ["CVE-2024-1111"]), python("PYSEC-1", ["GHSA-1"]), python("CVE-2024-1111", []),
            python("PYSEC-9", []),
        ])
        let matches = try fixture.match("PyPI", "a", "1")
        #expect(matches.map(\.advisory.id) == ["CVE-2024-1111", "PYSEC-9"])
        #expect(matches.first?.advisory.aliases == ["GHSA-1", "PYSEC-1"])
        #expect(matches.first?.advisory.records.sorted() == ["CVE-2024-1111", "GHSA-1", "PYSEC-1"])
    }

    @Test func aliasesReachOverRecordsThatDoNotMatch() async throws {
        let fixture = try await SnapshotFixture([
            python("PYSEC-1", ["GHSA-1"]),
            RecordFixture("GHSA-1", [affected("npm", "other", ["introduced 0"])], ["aliases": ["CVE-2024-1111"]]),
        ])
        #expect(try fixture.ids("PyPI", "a", "1") == ["CVE-2024-1111"])
    }

    @Test(arguments: [
        (["PYSEC-1", "GHSA-1"], "GHSA-1"), (["PYSEC-1", "CVE-2024-20000", "CVE-2024-3000"], "CVE-2024-3000"),
        (["GO-1", "PYSEC-1"], "PYSEC-1"), (["X-2", "X-1"], "X-1"),
        (["GHSA-1", "CVE-2024-1111", "CVE-2023-9999"], "CVE-2023-9999"),
    ])
    func nameIsTheCVEThenTheGHSA(ids: [String], name: String) {
        #expect(AdvisoryName.primary(of: ids) == name)
        #expect(AdvisoryName.primary(of: ids.reversed()) == name)
    }

    @Test func groupOfTooManyIdsFallsApart() async throws {
        let many = (0..<120).map { "ID-\($0)" }
        let fixture = try await SnapshotFixture([python("GHSA-1", many), python("GHSA-2", many)])
        #expect(try fixture.ids("PyPI", "a", "1") == ["GHSA-1", "GHSA-2"])
    }

    @Test func upstreamIsNoAliasAndGivesTheCVE() async throws {
        let fixture = try await SnapshotFixture([
            debian("DEBIAN-CVE-2024-1111", ["upstream": ["CVE-2024-1111"]]), debian("DEBIAN-CVE-2024-2222", [:]),
            debian("DSA-1-1", ["upstream": ["DEBIAN-CVE-2024-1111", "CVE-2024-3333"]]), debian("DSA-2-1", [:]),
        ])
        let matches = try fixture.match("Debian:12", "a", "1")
        #expect(matches.map(\.advisory.id) == ["CVE-2024-1111", "CVE-2024-2222", "CVE-2024-3333", "DSA-2-1"])
        #expect(matches.first?.advisory.records == ["DEBIAN-CVE-2024-1111", "DSA-1-1"])
        #expect(matches[2].advisory.records == ["DSA-1-1"])
    }

    @Test(arguments: ["ALSA-2024:1", "RLSA-2024:1", "SUSE-SU-2024:1-1", "openSUSE-SU-2024:1-1", "DLA-1-1"])
    func distributionsNameTheirCVEsUnderRelatedAndAliasesToo(id: String) async throws {
        let ecosystem = id.hasPrefix("DLA") ? "Debian:12" : "AlmaLinux:9"
        let fixture = try await SnapshotFixture([
            RecordFixture(
                id,
                [affected(ecosystem, "a", ["introduced 0", "fixed 2"])],
                ["related": ["CVE-2024-2222", "GHSA-1"], "aliases": ["CVE-2024-1111"]]
            )
        ])
        #expect(try fixture.ids(ecosystem, "a", "1") == ["CVE-2024-1111", "CVE-2024-2222"])
    }

    @Test func relatedOfOtherRecordsIsNothingMore() async throws {
        let fixture = try await SnapshotFixture([python("GHSA-1", [], ["related": ["CVE-2024-1111"]])])
        #expect(try fixture.ids("PyPI", "a", "1") == ["GHSA-1"])
    }

    @Test func vectorComesBeforeTheWord() async throws {
        let fixture = try await SnapshotFixture([
            python("GHSA-1", [], ["severity": MergingTests.criticalVector, "database_specific": ["severity": "LOW"]])
        ])
        let rating = try #require(try fixture.match("PyPI", "a", "1").first?.advisory.rating)
        #expect(rating.severity == .critical)
        #expect(rating.cvss?.score == 9.8)
        #expect(rating.source == "GHSA-1")
    }

    @Test func malformedVectorLeavesTheWord() async throws {
        let fixture = try await SnapshotFixture([
            python(
                "GHSA-1",
                [],
                [
                    "severity": [["type": "CVSS_V3", "score": "CVSS:3.1/AV:N/"]],
                    "database_specific": ["severity": "MODERATE"],
                ]
            ),
            python("GHSA-2", [], ["severity": [["type": "CVSS_V2", "score": "AV:N/AC:L/AU:N/C:P/I:P/A:P"]]]),
        ])
        let ratings = try fixture.match("PyPI", "a", "1").map(\.advisory.rating)
        #expect(ratings.map(\.severity) == [.medium, .unknown])
        #expect(ratings.allSatisfy { $0.cvss == nil })
    }

    @Test func newestVersionOfCVSSCounts() async throws {
        let four = "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
        var severity = MergingTests.criticalVector
        severity.append(["type": "CVSS_V4", "score": four])
        let fixture = try await SnapshotFixture([python("GHSA-1", [], ["severity": severity])])
        #expect(try fixture.match("PyPI", "a", "1").first?.advisory.rating.cvss?.vector == four)
    }

    @Test func severityOfTheEntryCounts() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("BIT-1", [affected("Bitnami", "a", ["introduced 0"], type: "SEMVER", MergingTests.critical)]),
            RecordFixture(
                "RUSTSEC-1",
                [
                    affected(
                        "crates.io",
                        "a",
                        ["introduced 0"],
                        ["database_specific": ["cvss": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"]]
                    )
                ]
            ),
        ])
        #expect(try fixture.match("Bitnami", "a", "1").first?.advisory.rating.cvss?.score == 9.8)
        #expect(try fixture.match("crates.io", "a", "1").first?.advisory.severity == .high)
    }

    // The distribution's word, then what is known of the CVE elsewhere, then what a notice says of many at once.
    @Test func ratingOfTheCVEElsewhereStandsInWhereTheDistributionHasNone() async throws {
        let fixture = try await SnapshotFixture([
            python("GHSA-1", ["CVE-2024-1111"], MergingTests.critical),
            python("GHSA-2", ["CVE-2024-2222"], MergingTests.critical),
            debian("DEBIAN-CVE-2024-1111", [:], urgency: "not yet assigned"),
            debian("DEBIAN-CVE-2024-2222", [:], urgency: "unimportant"),
            RecordFixture(
                "ALSA-2024:1",
                [affected("AlmaLinux:9", "a", ["introduced 0"])],
                ["summary": "Moderate: a security update", "related": ["CVE-2024-1111", "CVE-2024-3333"]]
            ),
        ])
        let debian = try fixture.match("Debian:12", "a", "1")
        #expect(debian.map(\.advisory.severity) == [.critical, .negligible])
        #expect(debian.map(\.advisory.rating.source) == ["GHSA-1", "DEBIAN-CVE-2024-2222"])
        #expect(debian.map(\.urgency) == ["not yet assigned", "unimportant"])
        let alma = try fixture.match("AlmaLinux:9", "a", "1")
        #expect(alma.map(\.advisory.severity) == [.critical, .medium])
        #expect(alma.map(\.advisory.rating.source) == ["GHSA-1", "ALSA-2024:1"])
    }

    @Test func unfixedAndEndOfLifeAreKeptWithTheirWord() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "DEBIAN-CVE-2024-1111",
                [affected("Debian:12", "a", ["introduced 0"], ["ecosystem_specific": ["urgency": "end-of-life"]])]
            )
        ])
        let match = try #require(try fixture.match("Debian:12", "a", "1").first)
        #expect(match.fixedIn == nil)
        #expect(match.urgency == "end-of-life")
        #expect(match.advisory.severity == .unknown)
    }

    @Test func maliciousPackagesAreCritical() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "MAL-2024-1",
                [affected("npm", "a", versions: ["1.0.0"])],
                ["severity": MergingTests.lowVector, "aliases": ["GHSA-1"]]
            )
        ])
        let advisory = try #require(try fixture.match("npm", "a", "1.0.0").first?.advisory)
        #expect(advisory.severity == .critical)
        #expect(advisory.isMalicious)
    }

    @Test func factsOfAllRecordsAreToldOnce() async throws {
        func more(_ date: String, _ url: String, _ cwe: String) -> [String: Any] {
            [
                "published": date,
                "references": [["type": "WEB", "url": url], ["type": "FIX", "url": "https://fix.example"]],
                "database_specific": ["cwe_ids": [cwe]],
            ]
        }
        let fixture = try await SnapshotFixture([
            python("GHSA-1", ["CVE-2024-1111"], more("2024-02-01T00:00:00Z", "https://a.example", "CWE-1")),
            python(
                "PYSEC-1",
                ["CVE-2024-1111"],
                more("2024-01-01T00:00:00Z", "https://b.example", "CWE-2").merging(["summary": "S"]) { $1 }
            ),
        ])
        let advisory = try #require(try fixture.match("PyPI", "a", "1").first?.advisory)
        #expect(advisory.published?.description == "2024-01-01T00:00:00Z")
        #expect(advisory.modified?.description == "2024-01-01T00:00:00Z")
        #expect(advisory.summary == "S")
        #expect(
            advisory.references.map(\.url).sorted() == [
                "https://a.example", "https://b.example", "https://fix.example",
            ]
        )
        #expect(advisory.cwes.sorted() == ["CWE-1", "CWE-2"])
    }

    @Test func worstFlawsComeFirst() async throws {
        let fixture = try await SnapshotFixture([
            python("A-1", []), python("B-1", [], ["severity": MergingTests.lowVector]),
            python("C-1", [], MergingTests.critical),
        ])
        #expect(try fixture.ids("PyPI", "a", "1") == ["C-1", "B-1", "A-1"])
    }
}
