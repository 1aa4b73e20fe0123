import Foundation
import Testing

@testable import pratique

/// `pratique finding` against a scripted server.
@Suite struct FindingCommandTests {
    private static let project = "0198c0de-0000-7000-8000-00000000000b"
    private static let results = "/project/\(project)/results/container"

    private static func id(_ number: Int) -> String {
        "0198c0de-0000-7000-8000-" + String(100_000_000_000 + number)
    }

    private func run(_ arguments: [String], _ answers: [String: ScriptedServer.Answer]) async throws -> (
        CommandRun, ScriptedServer
    ) {
        let server = try ScriptedServer(answers)
        let variables = [
            "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
            "XDG_CONFIG_HOME": "/nonexistent",
        ]
        return (try await CommandRun(arguments, variables: variables), server)
    }

    /// A page of findings of these severities, from a project with so many images.
    private static func page(
        _ severities: [String],
        total: Int? = nil,
        pages: Int = 1,
        images: Int = 2,
        incomplete: Int = 0,
        first: Int = 0,
        status: String = "to_verify"
    ) -> ScriptedServer.Answer {
        let items = severities.enumerated().map { index, severity in
            #"""
            {"base":{"id":"\#(id(first + index))","currentSeverity":"\#(severity)"},\#
            "library":{"packageName":"zlib1g","packageVersion":"1.2"},"metadata":{"summary":"s"},"new":1,\#
            "finding":{"flaw":"CVE-2026-1","repository":"h/app","status":"\#(status)","isExploited":false,"places":[{"fixedIn":"1.3"}]}}
            """#
        }
        let isComplete = images > 0 && incomplete == 0
        return .init(
            body: #"""
                {"total":\#(total ?? severities.count),"totalPages":\#(pages),"vulnerabilities":[\#(items.joined(separator: ","))],\#
                "completeness":{"images":\#(images),"incompleteImages":\#(incomplete),"isComplete":\#(isComplete)}}
                """#
        )
    }

    private static let list = "GET \(results)?page=1&limit=100"

    @Test func findingsAreListedWholeWithWhatTheyMayMiss() async throws {
        let rest = "GET \(Self.results)?page=2&limit=100"
        let high = Array(repeating: "high", count: 100)
        let (run, _) = try await run(
            ["finding", "list"],
            [
                Self.list: Self.page(high, total: 101, pages: 2, incomplete: 1),
                rest: Self.page(["low"], total: 101, pages: 2, incomplete: 1, first: 100),
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.hasPrefix("PACKAGE "))
        #expect(run.output.split(separator: "\n").count == 102)
        #expect(run.complaints == "note: not everything is known of 1 of 2 images: there may be more\n")
    }

    @Test func filtersGoToTheServer() async throws {
        let query =
            "severity=critical&severity=high&status=to_verify&hasAutofix=true&imageId=\(Self.id(7))&searchQuery=zl"
        let (run, _) = try await run(
            [
                "finding", "list", "--severity", "critical", "--severity", "high", "--status", "to_verify", "--fixable",
                "--image", Self.id(7), "--search", "zl", "-o", "json",
            ],
            ["GET \(Self.results)?\(query)&page=1&limit=100": Self.page(["high"])]
        )
        #expect(run.exitCode == 0 && run.complaints.isEmpty, "\(run.complaints)")
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["total"] == .integer(1) && json["completeness"]?["isComplete"] == .bool(true))
        // Everything that the server sent.
        #expect(run.output.contains(#""new""#))
    }

    @Test func nothingFoundIsNotNothingKnown() async throws {
        let clean = try await run(["finding", "list"], [Self.list: Self.page([])]).0
        #expect(clean.exitCode == 0 && clean.output.isEmpty && clean.complaints == "note: no findings\n")
        let unknown = try await run(["finding", "list"], [Self.list: Self.page([], images: 0)]).0
        #expect(unknown.exitCode == 0 && unknown.output.isEmpty)
        #expect(unknown.complaints.contains("no image of this project has a result yet: nothing is known"))
    }

    @Test(
        arguments: [
            ("ignored", [], 0), ("resolved", [], 0), ("confirmed", [], 2), ("to_verify", [], 2),
            ("ignored", ["--status", "ignored"], 2),
        ] as [(String, [String], Int32)]
    )
    func whatIsSettledFailsNothing(_ status: String, _ arguments: [String], _ exitCode: Int32) async throws {
        let query = arguments.isEmpty ? "" : "status=\(status)&"
        let (run, _) = try await run(
            ["finding", "list", "--fail-on", "high"] + arguments,
            ["GET \(Self.results)?\(query)page=1&limit=100": Self.page(["critical"], status: status)]
        )
        #expect(run.exitCode == exitCode, "\(run.complaints)")
    }

    // (threshold, severities, images, incomplete ones, further arguments, total, exit status)
    @Test(
        arguments: [
            ("high", [], 2, 0, [], 0, 0), ("high", ["medium", "low"], 2, 0, [], 2, 0),
            ("high", ["medium", "high"], 2, 0, [], 2, 2), ("medium", ["critical"], 2, 0, [], 1, 2),
            ("critical", ["high"], 2, 0, [], 1, 0), ("low", ["unknown"], 2, 0, [], 1, 0),
            // Nobody has said that an unknown severity is less than negligible.
            ("negligible", ["unknown"], 2, 0, [], 1, 2),
            ("unknown", ["unknown"], 2, 0, [], 1, 2),
            // A word of a newer server counts as the worst.
            ("critical", ["apocalyptic"], 2, 0, [], 1, 2),
            // What was not read whole may hold the worst; what is known to be bad is bad all the same.
            ("high", [], 2, 1, [], 0, 1), ("high", ["low"], 2, 1, [], 1, 1), ("high", ["high"], 2, 1, [], 1, 2),
            // Nothing was ever scanned.
            ("high", [], 0, 0, [], 0, 1),
            // What was not looked at.
            ("high", ["low", "low"], 2, 0, ["--limit", "1"], 2, 1),
            ("high", ["high", "low"], 2, 0, ["--limit", "1"], 2, 2),
        ] as [(String, [String], Int, Int, [String], Int, Int32)]
    )
    func gateOpensForNothingElseThanAWholeListWithoutTheWorst(
        threshold: String,
        severities: [String],
        images: Int,
        incomplete: Int,
        more: [String],
        total: Int,
        code: Int32
    ) async throws {
        let answer = Self.page(severities, total: total, images: images, incomplete: incomplete)
        let (run, _) = try await run(["finding", "list", "--fail-on", threshold] + more, [Self.list: answer])
        #expect(run.exitCode == code, "\(run.complaints)")
        if code != 0 { #expect(run.complaints.contains("error: "), "\(run.complaints)") }
    }

    @Test(arguments: ["HIGH", "worst", ""]) func thresholdIsASeverity(word: String) async throws {
        let (run, server) = try await run(["finding", "list", "--fail-on", word], [:])
        #expect(run.exitCode == 64 && run.complaints.contains("--fail-on must be one of"))
        #expect(server.requests.isEmpty)
    }

    @Test func refusedListDoesNotOpenTheGate() async throws {
        let body = #"{"statusCode":403,"message":"not yours","code":"forbidden"}"#
        let (run, _) = try await run(
            ["finding", "list", "--fail-on", "high"],
            [Self.list: .init(status: 403, body: body)]
        )
        #expect(run.exitCode == 1 && run.complaints.contains("not yours"))
    }

    @Test func decisionIsSentOnceForAllFindings() async throws {
        let decided = #"{"decided":["\#(Self.id(1))","\#(Self.id(2))"],"unknown":[]}"#
        let (run, server) = try await run(
            [
                "finding", "decide", Self.id(1), Self.id(2), "--status", "ignored", "--reason", "not reachable",
                "--expires-at", "2027-06-30T00:00:00Z",
            ],
            ["PATCH \(Self.results)": .init(body: decided)]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.contains(Self.id(1)) && run.output.contains(Self.id(2)) && run.output.contains("ignored"))
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.first).body.utf8))
        #expect(sent["status"] == .string("ignored") && sent["reason"] == .string("not reachable"))
        #expect(sent["expiresAt"] == .string("2027-06-30T00:00:00Z"))
        #expect(sent["vulnerabilityIds"] == .strings([Self.id(1), Self.id(2)]))
        #expect(server.requests.count == 1)
    }

    @Test func unknownFindingsAreAFailureBesideWhatWasDecided() async throws {
        let decided = #"{"decided":["\#(Self.id(1))"],"unknown":["\#(Self.id(2))"]}"#
        let (run, _) = try await run(
            ["finding", "decide", Self.id(1), Self.id(2), "--status", "resolved"],
            ["PATCH \(Self.results)": .init(body: decided)]
        )
        #expect(run.exitCode == 1 && run.output.contains(Self.id(1)))
        #expect(run.complaints == "error: no findings of this project: \(Self.id(2))\n")
    }

    @Test func nothingDecidedIsNoTable() async throws {
        let (run, _) = try await run(
            ["finding", "decide", Self.id(1), "--status", "resolved"],
            ["PATCH \(Self.results)": .init(body: #"{"decided":[],"unknown":["\#(Self.id(1))"]}"#)]
        )
        #expect(run.exitCode == 1 && run.output.isEmpty, "\(run.output)")
    }

    @Test func wrongStatusIsToldInTheServersWords() async throws {
        let body =
            #"{"statusCode":400,"message":"m","code":"validation-failed","errors":[{"field":"status","message":"must be one of: to_verify"}]}"#
        let (run, _) = try await run(
            ["finding", "decide", Self.id(1), "--status", "gone"],
            ["PATCH \(Self.results)": .init(status: 400, body: body)]
        )
        #expect(run.exitCode == 1 && run.output.isEmpty)
        #expect(run.complaints.contains("must be one of: to_verify"))
    }
}
