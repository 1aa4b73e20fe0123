import Foundation
import ImageFixtures
import Scanning
import Testing

/// The forms of a report: the same for the same input, right for their readers, and harmless whatever foreign text is in them.
@Suite struct ReportTests {
    /// A finding whose words were written to hurt.
    static func hostile() async throws -> ImageReport {
        var image = try Sample.image([["a 1"]])
        try image.add {
            $0.file("app/node_modules/left, \"right\"/package.json", #"{"name":"=cmd()","version":"1.0.0"}"#)
        }
        return try await report(
            on: image,
            advice: [
                Advice(
                    id: "CVE-2026-1",
                    ecosystem: "Debian:12",
                    package: "a",
                    fixed: "2",
                    aliases: ["GHSA-x"],
                    vector: FindingMatcherTests.critical,
                    summary: "=HYPERLINK(\"http://x\", \"y\")\n\u{1B}[31mred, \u{9B}2J\""
                ),
                Advice(id: "CVE-2026-2", ecosystem: "npm", package: "=cmd()", summary: "  @SUM(1)"),
                Advice(id: "CVE-2026-3", ecosystem: "npm", package: "=cmd()", summary: "＋1"),
            ]
        )
    }

    /// Reads CSV by RFC 4180, strictly.
    static func rows(_ bytes: [UInt8]) throws -> [[String]] {
        var rows: [[String]] = [[]]
        var field = ""
        var isQuoted = false
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                scalars.removeFirst()
                field += "\""
            case "\"" where isQuoted: isQuoted = false
            case "\"":
                try #require(field.isEmpty, "a quote inside a bare field")
                isQuoted = true
            case "," where !isQuoted:
                rows[rows.count - 1].append(field)
                field = ""
            case "\r" where !isQuoted:
                try #require(scalars.popFirst() == "\n", "a bare carriage return")
                rows[rows.count - 1].append(field)
                field = ""
                rows.append([])
            case "\n" where !isQuoted: Issue.record("a bare line feed")
            default: field.unicodeScalars.append(scalar)
            }
        }
        #expect(!isQuoted && field.isEmpty)
        rows.removeLast()
        return rows
    }

    @Test func csvIsOfTheStandardAndRunsNothing() async throws {
        let rows = try ReportTests.rows(try await ReportTests.hostile().csv())
        let header = try #require(rows.first)
        #expect(rows.count == 4)
        #expect(rows.allSatisfy { $0.count == header.count })
        for (row, column) in rows.flatMap({ row in row.indices.map { (row, $0) } }) {
            let first = row[column].unicodeScalars.first { $0 != " " && $0 != "\n" }
            #expect(first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } != true, "\(row[column])")
            #expect(!row[column].unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{9B}" })
        }
        let summary = try #require(header.firstIndex(of: "summary"))
        #expect(rows[1][summary].hasPrefix("'=HYPERLINK(\"http://x\", \"y\")\n"))
        #expect(rows[1][try #require(header.firstIndex(of: "inventory_complete"))] == "yes")
    }

    @Test func csvWithoutFindingsStillTellsItsCompleteness() async throws {
        let report = try await report(on: try Sample.image([["a 1"]]), advice: [])
        let rows = try ReportTests.rows(report.csv())
        #expect(rows.count == 2)
        #expect(rows[1].suffix(4) == ["yes", "Debian:12", "", "0"])
    }

    @Test func sameReportGivesTheSameBytes() async throws {
        let report = try await ReportTests.hostile()
        let identifier = UUID()
        #expect(try report.json() == report.json())
        #expect(try report.sarif() == report.sarif())
        #expect(report.csv() == report.csv())
        #expect(report.cycloneDX(identifier: identifier) == report.cycloneDX(identifier: identifier))
        #expect(report.spdx(identifier: identifier) == report.spdx(identifier: identifier))
    }

    // Layers are read side by side, and sets and dictionaries have another order each time.
    @Test func sameImageGivesTheSameBytesAgain() async throws {
        var image = try Sample.image([(1...40).map { "p\($0) 1" }, (1...40).map { "p\($0) \($0 % 3)" }])
        for layer in 0..<4 {
            try image.add { tar in
                for number in 0..<20 {
                    let name = "m\(number % 7)"
                    tar.file(
                        "app\(layer)/\(number)/node_modules/\(name)/package.json",
                        #"{"name":"\#(name)","version":"1.0.\#(number)"}"#
                    )
                    tar.file("app\(layer)/\(number).jar", "no archive")
                }
            }
        }
        let advice = (1...30).map { number in
            Advice(
                id: "CVE-2026-\(number)",
                ecosystem: number % 2 == 0 ? "npm" : "Debian:12",
                package: number % 2 == 0 ? "m\(number % 7)" : "p\(number)",
                aliases: ["GHSA-\(number)", "GHSA-0-\(number)"]
            )
        }
        try await withLayout(image) { directory async throws in
            try await withAdvisories(advice) { database async throws in
                let identifier = UUID()
                var forms: [Set<[UInt8]>] = Array(repeating: [], count: 5)
                for _ in 0..<3 {
                    let scanned = try await ImageScanner(window: 4).scan(LayoutImage(directory: directory, tag: nil))
                    let matcher = FindingMatcher(database)
                    let report = try matcher.report(on: scanned, at: reportTime, toolVersion: "0-test")
                    #expect(report.findings.count > 30 && !report.completeness.unreadable.isEmpty)
                    let texts = [
                        try report.json(), report.cycloneDX(identifier: identifier),
                        report.spdx(identifier: identifier),
                        try report.sarif(), report.csv(),
                    ]
                    for (place, text) in texts.enumerated() { forms[place].insert(text) }
                }
                #expect(forms.map(\.count) == [1, 1, 1, 1, 1])
            }
        }
    }

    // The names are read by programs: a change of this list breaks them.
    @Test func jsonHasTheseNames() async throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(try await ReportTests.hostile().json())) as? [String: Any]
        )
        #expect(
            object.keys.sorted() == [
                "completeness", "counts", "createdAt", "findings", "image", "os", "packages", "tool",
            ]
        )
        let finding = try #require((object["findings"] as? [[String: Any]])?.first)
        #expect(
            finding.keys.sorted() == [
                "aliases", "cwes", "exploited", "fixedIn", "id", "introducedBy", "layer", "layerDigest", "modified",
                "package", "path", "published", "purl", "references", "score", "severity", "summary", "vector",
                "version",
            ]
        )
        #expect(finding["introducedBy"] as? String == "layer 0")
        #expect(finding["purl"] as? String == "pkg:deb/debian/a@1?arch=amd64&distro=debian-12")
        let completeness = try #require(object["completeness"] as? [String: Any])
        #expect(
            completeness.keys.sorted() == [
                "advisories", "bytesRead", "bytesTotal", "ecosystems", "incompleteLayers", "inventoryComplete",
                "layersDone", "layersTotal", "uncomparablePackages", "unknownEcosystems", "unreadable",
            ]
        )
        #expect(object["createdAt"] as? String == "2026-11-24T12:00:00Z")
    }

    @Test func sarifHasARuleForEachFlawAndTellsWhatIsMissing() async throws {
        var image = try Sample.image([["a 1", "b 1 a"]])
        try image.add { $0.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#) }
        image.layers[1].archive = []
        image.layers[1].blob = [1, 2, 3]
        let report = try await report(
            on: image,
            advice: [
                Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "a", vector: FindingMatcherTests.critical)
            ]
        )
        let log = try JSONDecoder().decode(SARIF.self, from: Data(try report.sarif()))
        let run = try #require(log.runs.first)
        #expect(run.tool.driver.rules.map(\.id) == ["CVE-2026-1"])
        #expect(run.results.map(\.ruleIndex) == [0, 0])
        #expect(run.results.map(\.level) == ["error", "error"])
        #expect(Set(run.results.compactMap { $0.partialFingerprints["packageAndFlaw/v1"] }).count == 2)
        let invocation = try #require(run.invocations.first)
        #expect(!invocation.executionSuccessful)
        #expect(invocation.toolExecutionNotifications.contains { $0.message.text.contains("is incomplete") })
    }

    private struct SARIF: Decodable {
        struct Text: Decodable { var text: String }
        struct Rule: Decodable { var id: String }
        struct Driver: Decodable { var rules: [Rule] }
        struct Tool: Decodable { var driver: Driver }
        struct Outcome: Decodable {
            var ruleIndex: Int
            var level: String
            var partialFingerprints: [String: String]
        }
        struct Notification: Decodable { var message: Text }
        struct Invocation: Decodable {
            var executionSuccessful: Bool
            var toolExecutionNotifications: [Notification]
        }
        struct Run: Decodable {
            var tool: Tool
            var results: [Outcome]
            var invocations: [Invocation]
        }
        var runs: [Run]
    }
}
