import Foundation
import Testing

@testable import pratique

/// `pratique scan` against a scripted server.
@Suite struct ScanCommandTests {
    private static let project = "0198c0de-0000-7000-8000-00000000000b"
    private static let credential = "0198c0de-0000-7000-8000-00000000000c"
    private static let scan = "0198c0de-0000-7000-8000-00000000000d"
    private static let image = "0198c0de-0000-7000-8000-00000000000e"
    private static let path = "/project/\(project)/scan/\(scan)"

    private func run(_ arguments: [String], _ answers: [String: [ScriptedServer.Answer]]) async throws -> (
        CommandRun, ScriptedServer
    ) {
        let server = try ScriptedServer(inTurn: answers)
        let variables = [
            "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
            "XDG_CONFIG_HOME": "/nonexistent",
        ]
        return (try await CommandRun(arguments, variables: variables), server)
    }

    /// A scan as the server tells it.
    private static func body(_ status: String, step: String = "pull", progress: Int = 40, more: String = "") -> String {
        let hasResult = status.hasPrefix("completed")
        let result = hasResult ? #","imageId":"\#(image)","vulnerabilityDetected":3"# : ""
        return #"""
            {"id":"\#(scan)","image":"harbor.example.com/shop/app:1","status":"\#(status)","step":"\#(step)",\#
            "progress":\#(progress),"createAt":"2026-11-24T12:00:00Z","platform":"","branch":"main","new":true\#(result)\#(more)}
            """#
    }

    private static func completeness(layersDone: Int) -> String {
        #"""
        ,"completeness":{"inventoryComplete":\#(layersDone == 2),"layersDone":\#(layersDone),"layersTotal":2,\#
        "unreadable":[],"unknownEcosystems":[],"uncomparablePackages":0}
        """#
    }

    private static func answer(_ status: String, more: String = "") -> ScriptedServer.Answer {
        .init(body: body(status, more: more))
    }

    private static let started = ScriptedServer.Answer(
        body: #"{"success":true,"message":"m","scanId":"\#(scan)","detectedLanguages":[]}"#
    )
    private static let publicStart = "POST /project/\(project)/scan/container/start"

    @Test func publicImageIsAskedForOnceAndShown() async throws {
        let (run, server) = try await run(
            ["scan", "start", "node:22", "--branch", "main", "--platform", "linux/arm64"],
            [Self.publicStart: [Self.started], "GET \(Self.path)": [Self.answer("queued")]]
        )
        #expect(run.exitCode == 0 && run.complaints.isEmpty, "\(run.complaints)")
        #expect(run.output.contains(Self.scan) && run.output.contains("queued"))
        let request = try #require(server.requests.first)
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(request.body.utf8))
        #expect(sent["imageToScan"] == .string("node:22") && sent["branch"] == .string("main"))
        #expect(sent["platform"] == .string("linux/arm64") && sent["sourceType"] == .string("cli"))
        #expect(request.headers["idempotency-key"]?.isEmpty == false)
        #expect(server.requests.count == 2)
    }

    @Test func credentialDecidesTheKindOfRegistry() async throws {
        let item = #"{"id":"\#(Self.credential)","registryType":"harbor","name":"ci"}"#
        let (run, server) = try await run(
            ["scan", "start", "shop/app:1", "--credential", "ci"],
            [
                "GET /project/\(Self.project)/credentials?page=1&pageSize=100": [
                    .init(body: #"{"credentials":[\#(item)],"total":1,"page":1,"pageSize":100,"totalPages":1}"#)
                ],
                "POST /integrations/harbor/container-registry/project/\(Self.project)/scan": [
                    .init(status: 202, body: Self.started.body)
                ], "GET \(Self.path)": [Self.answer("queued")],
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        let request = try #require(server.requests.first { $0.line.hasPrefix("POST") })
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(request.body.utf8))
        #expect(sent["credentialId"] == .string(Self.credential) && sent["imageName"] == .string("shop/app:1"))
        #expect(sent["branch"] == nil && sent["platform"] == nil)
    }

    @Test func watchingLooksUntilTheEnd() async throws {
        let (run, server) = try await run(
            ["scan", "start", "node:22", "--watch", "-o", "json"],
            [
                Self.publicStart: [Self.started],
                "GET \(Self.path)": [
                    Self.answer("queued"), Self.answer("running"),
                    Self.answer("completed", more: Self.completeness(layersDone: 2)),
                ],
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        // No bar where there is no terminal.
        #expect(run.complaints.isEmpty)
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["status"] == .string("completed") && json["new"] == .bool(true))
        #expect(server.requests.count == 4)
    }

    // (state, what is told beside, exit status, what stands on standard error)
    @Test(arguments: [
        ("completed", ScanCommandTests.completeness(layersDone: 2), 0, ""),
        (
            "completed_degraded", ScanCommandTests.completeness(layersDone: 1), 1,
            "error: the result for harbor.example.com/shop/app:1 is not whole: 1 of 2 layers were not read whole\n"
        ),
        (
            "failed", #","error":{"message":"it refused","hint":"rotate it","upstreamStatus":401}"#, 1,
            "error: it refused\nhint: rotate it\n"
        ),
        ("failed", "", 1, "error: the scan failed\n"), ("cancelled", "", 1, "error: the scan was cancelled\n"),
    ])
    func watchEndsWithTheStatusOfTheScan(state: String, more: String, code: Int32, complaint: String) async throws {
        let (run, _) = try await run(
            ["scan", "show", Self.scan, "--watch"],
            ["GET \(Self.path)": [Self.answer("running"), Self.answer(state, more: more)]]
        )
        #expect(run.exitCode == code)
        #expect(run.complaints.hasPrefix(complaint) && run.complaints.isEmpty == complaint.isEmpty, "\(run.complaints)")
        // What it came to is shown all the same.
        #expect(run.output.contains(Self.scan))
    }

    @Test func showingAFailedScanIsNoFailureAndTellsWhy() async throws {
        let error = #","error":{"message":"it refused","hint":"rotate it","upstreamStatus":401}"#
        let (run, _) = try await run(
            ["scan", "show", Self.scan],
            ["GET \(Self.path)": [Self.answer("failed", more: error)]]
        )
        #expect(run.exitCode == 0 && run.complaints.isEmpty, "\(run.complaints)")
        for word in ["it refused", "rotate it", "401", "failed"] { #expect(run.output.contains(word)) }
    }

    @Test func scanIsNamedByItsId() async throws {
        let (run, server) = try await run(["scan", "show", "app:1"], [:])
        #expect(run.exitCode == 64 && run.complaints.contains("pratique scan list"))
        #expect(server.requests.isEmpty)
    }

    @Test func scansAreListedWholeInTheStatesThatAreAskedFor() async throws {
        func page(_ number: Int, _ count: Int) -> ScriptedServer.Answer {
            let items = (0..<count).map { index in
                let id = "0198c0de-0000-7000-8000-" + String(100_000_000_000 + number * 1_000 + index)
                return Self.body("failed").replacing(Self.scan, with: id)
            }
            return .init(
                body: #"{"scans":[\#(items.joined(separator: ","))],"total":101,"page":\#(number),"totalPages":2}"#
            )
        }
        let list = "GET /project/\(Self.project)/scans?state=failed&state=running"
        let (run, _) = try await run(
            ["scan", "list", "--state", "failed", "--state", "running", "--limit", "200"],
            ["\(list)&page=1&pageSize=100": [page(1, 100)], "\(list)&page=2&pageSize=100": [page(2, 1)]]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.hasPrefix("ID "))
        #expect(run.output.split(separator: "\n").count == 102)
    }

    @Test func cancelTellsTheScanAfterwards() async throws {
        let (run, server) = try await run(
            ["scan", "cancel", Self.scan],
            ["POST \(Self.path)/cancel": [Self.answer("cancelled")]]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.contains("cancelled"))
        #expect(server.requests.map(\.line) == ["POST \(Self.path)/cancel"])
    }

    @Test func scanOfAnotherProjectIsToldInTheServersWords() async throws {
        let body = #"{"statusCode":404,"message":"there is no such scan","code":"scan-not-found"}"#
        let (run, _) = try await run(
            ["scan", "cancel", Self.scan],
            ["POST \(Self.path)/cancel": [.init(status: 404, body: body)]]
        )
        #expect(run.exitCode == 1 && run.output.isEmpty)
        #expect(run.complaints.contains("there is no such scan"))
    }
}
