import Advisories
import ImageFixtures
import Inventory
import OCI
import Testing

@testable import Scanning

/// What is asked about an image, what is told, and what is said to be unknown.
@Suite struct FindingMatcherTests {
    static let critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    static let medium = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:L/A:N"

    private func lines(_ report: ImageReport) -> [String] {
        report.findings.map { "\($0.id) \($0.package.fullName) \($0.severity.rawValue) \($0.fixedIn ?? "-")" }
    }

    @Test func findingsComeWorstFirstAndAreCounted() async throws {
        let report = try await report(
            on: try Sample.image([["a 1", "b 1", "c 1"]]),
            advice: [
                Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "c", fixed: "2", vector: Self.medium),
                Advice(id: "CVE-2026-2", ecosystem: "Debian:12", package: "b", vector: Self.critical),
                Advice(id: "CVE-2026-3", ecosystem: "Debian:12", package: "a", fixed: "2", vector: Self.critical),
                Advice(id: "CVE-2026-4", ecosystem: "Debian:12", package: "a", fixed: "1"),
                Advice(id: "CVE-2026-5", ecosystem: "Debian:11", package: "a", fixed: "9"),
            ]
        )
        #expect(
            lines(report) == [
                "CVE-2026-3 a critical 2", "CVE-2026-2 b critical -", "CVE-2026-1 c medium 2",
            ]
        )
        #expect(report.counts.map { "\($0.severity.rawValue) \($0.count)" } == ["critical 2", "medium 1"])
        #expect(report.findings.first?.score == 9.8)
    }

    @Test func flawThatTwoDatabasesTellIsOne() async throws {
        var image = ImageFixture()
        try image.add {
            $0.file("usr/lib/python3/site-packages/left-1.0.dist-info/METADATA", "Name: left\nVersion: 1.0\n")
        }
        let report = try await report(
            on: image,
            advice: [
                Advice(
                    id: "GHSA-aaaa-bbbb-cccc",
                    ecosystem: "PyPI",
                    package: "left",
                    fixed: "2.0",
                    aliases: ["CVE-2026-1"]
                ),
                Advice(id: "PYSEC-2026-7", ecosystem: "PyPI", package: "left", fixed: "1.5", aliases: ["CVE-2026-1"]),
            ]
        )
        #expect(report.findings.map(\.id) == ["CVE-2026-1"])
        #expect(report.findings.first?.aliases.contains("GHSA-aaaa-bbbb-cccc") == true)
    }

    @Test func packageOfADistributionIsNotAskedTwice() async throws {
        var image = ImageFixture()
        try image.add { tar in
            tar.file("etc/os-release", Sample.debian)
            tar.file("var/lib/dpkg/status", Sample.status(["python3-left 1.0"]))
            tar.file(
                "var/lib/dpkg/info/python3-left.list",
                "/usr/lib/python3/dist-packages/left-1.0.dist-info/METADATA\n"
            )
            tar.file("usr/lib/python3/dist-packages/left-1.0.dist-info/METADATA", "Name: left\nVersion: 1.0\n")
        }
        let report = try await report(
            on: image,
            advice: [
                Advice(id: "CVE-2026-1", ecosystem: "PyPI", package: "left", fixed: "2.0"),
                Advice(id: "CVE-2026-2", ecosystem: "Debian:12", package: "python3-left", fixed: "2.0"),
            ]
        )
        #expect(report.scanned.inventory.packages.count == 2)
        #expect(report.findings.map(\.id) == ["CVE-2026-2"])
        #expect(report.completeness.ecosystems.map(\.name) == ["Debian:12"])
    }

    // Rocky's records name source packages, and some binary ones: both are asked, and one flaw is told once.
    @Test func flawThatTwoQuestionsFindIsOne() async throws {
        let release = Release(id: "rocky", version: "9", prettyName: "Rocky Linux 9")
        let package = Package(
            kind: .rpm,
            name: "left-libs",
            version: "1.0-1.el9",
            source: .init(name: "left", version: "1.0-1.el9"),
            locations: []
        )
        let queries = package.osvQueries(in: release)
        #expect(queries.map(\.name) == ["left", "left-libs"])
        try await withAdvisories([
            Advice(
                id: "RLSA-2026:1",
                ecosystem: queries[0].ecosystem,
                package: "left",
                fixed: "0:1.0-2.el9",
                aliases: ["CVE-2026-1"]
            ),
            Advice(
                id: "RLSA-2026:2",
                ecosystem: queries[0].ecosystem,
                package: "left-libs",
                fixed: "0:1.0-3.el9",
                aliases: ["CVE-2026-1"]
            ),
        ]) { database in
            let matches = try database.match(
                queries.map { AdvisoryQuery(ecosystem: $0.ecosystem, name: $0.name, version: $0.version) }
            )
            #expect(matches.matches.count == 2)
            let questions = Questions(Inventory(release: release, packages: [package]))
            #expect(questions.findings(matches.matches, packages: [package]).map(\.id) == ["CVE-2026-1"])
        }
    }

    @Test func ecosystemWithoutAdvisoriesIsUnknownAndNotClean() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add { $0.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#) }
        let report = try await report(
            on: image,
            advice: [Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "b")]
        )
        #expect(report.findings.isEmpty)
        #expect(report.completeness.unknownEcosystems == ["npm"])
        #expect(
            report.completeness.ecosystems.map { "\($0.name) \($0.packages) \($0.hasAdvisories)" } == [
                "Debian:12 1 true", "npm 1 false",
            ]
        )
        #expect(report.completeness.isInventoryComplete)
        #expect(report.completeness.advisories?.records == 1)
        #expect(report.completeness.advisories?.ageInDays == 4)
    }

    // No version is that long. Nothing matches it, and nobody may take that for an answer.
    @Test func versionThatCannotBeComparedIsToldInEveryForm() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add { tar in
            for (name, version) in [("left", String(repeating: "1", count: 2_000)), ("right", "1.0")] {
                tar.file("srv/\(name).dist-info/METADATA", "Name: \(name)\nVersion: \(version)\n")
            }
        }
        let report = try await report(
            on: image,
            advice: ["left", "right"].map { Advice(id: "PYSEC-\($0)", ecosystem: "PyPI", package: $0, fixed: "0.1") }
        )
        #expect(report.findings.isEmpty)
        #expect(report.completeness.uncomparable == 1)
        let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
        #expect(text(try report.json()).contains(#""uncomparablePackages" : 1"#))
        for form in [report.cycloneDX(), report.spdx()] { #expect(text(form).contains("uncomparable-packages")) }
        #expect(text(try report.sarif()).contains("the versions of 1 packages cannot be compared"))
        let rows = try ReportTests.rows(report.csv())
        #expect(rows.first?.last == "uncomparable_packages")
        #expect(rows.last?.last == "1")
    }

    @Test func withoutADatabaseNothingIsKnown() async throws {
        let scanned = try await scan(try Sample.image([["a 1"]]))
        let report = try FindingMatcher(nil).report(on: scanned, at: reportTime, toolVersion: "0-test")
        #expect(report.completeness.advisories == nil)
        #expect(report.completeness.unknownEcosystems == ["Debian:12"])
    }

    // (VERSION_ID of Debian, whether its security updates have ended in November 2026)
    @Test(arguments: [("9", true), ("13", false)])
    func endOfLifeIsTold(version: String, hasPassed: Bool) async throws {
        var image = ImageFixture()
        try image.add { tar in
            tar.file(
                "etc/os-release",
                Sample.debian.replacing("\"12\"", with: version).replacing("bookworm", with: "x")
            )
            tar.file("var/lib/dpkg/status", Sample.status(["a 1"]))
        }
        let report = try await report(on: image, advice: [])
        #expect(report.completeness.endOfLife?.hasPassed == hasPassed)
    }

    @Test func whatIsMissingIsInTheReport() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add(.none, archive: Array(TarFixture.archive { $0.file("x", "1") }.dropLast(1536)))
        try image.add { $0.file("app/lib.jar", "PK\u{3}\u{4} and no more") }
        let report = try await report(on: image, advice: [])
        let completeness = report.completeness
        #expect(!completeness.isInventoryComplete)
        #expect(completeness.layersDone == 2)
        #expect(completeness.layersTotal == 3)
        #expect(completeness.incompleteLayers.map(\.index) == [1])
        #expect(completeness.incompleteLayers.map(\.digest) == [image.layers[1].descriptor.digest.description])
        #expect(completeness.unreadable.map(\.path) == ["app/lib.jar"])
        #expect(completeness.bytesRead == completeness.bytesTotal)
        let names = completeness.statements.map(\.name)
        for name in ["layers", "bytes", "incomplete-layer", "unreadable-file", "ecosystem", "advisories"] {
            #expect(names.contains(name))
        }
    }
}
