import Foundation
import Testing

@testable import pratique

/// `pratique finding import` against a scripted server.
@Suite struct FindingImportTests {
    static let project = "0198c0de-0000-7000-8000-00000000000b"

    private func run(
        _ text: String,
        _ arguments: [String] = [],
        _ answers: [String: ScriptedServer.Answer]
    ) async throws -> (CommandRun, ScriptedServer) {
        let file = FileManager.default.temporaryDirectory.appending(path: "pratique-vex-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let server = try ScriptedServer(answers)
        let run = try await CommandRun(
            ["finding", "import", file.path] + arguments,
            variables: [
                "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
                "XDG_CONFIG_HOME": "/nonexistent",
            ]
        )
        return (run, server)
    }

    @Test func documentIsSentAndWhatMatchedNothingIsTold() async throws {
        let body = """
            {"statements":1,"matchedStatements":1,"matched":2,"changed":1,"results":[{"path":"statements[0]",\
            "vulnerability":"CVE-1","status":"ignored","matched":2,"unmatchedProducts":["statements[0].products[1]"]}]}
            """
        let (run, server) = try await run(
            #"{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{}]}"#,
            [],
            ["POST /project/\(Self.project)/results/container/vex": .init(body: body)]
        )
        #expect(run.exitCode == 0 && run.output.contains("CVE-1  ignored  2"), "\(run.output)\(run.complaints)")
        #expect(run.complaints.contains("1 of 2 findings changed"))
        #expect(run.complaints.contains("no finding is of statements[0].products[1]"))
        #expect(server.requests.count == 1)
    }

    // (whether wider decisions are allowed, what is said of the one, exit status)
    @Test(
        arguments: [(false, "left as it is", 1), (true, "decided for more than is said", 0)] as [(Bool, String, Int32)]
    )
    func decisionThatIsWiderThanItsStatementIsTold(isAllowed: Bool, words: String, exitCode: Int32) async throws {
        let image =
            #"{"imageId":"\#(Self.project)","artifactName":"h/app:2","platform":"linux/amd64","installedVersion":"1"}"#
        let body = """
            {"statements":1,"matchedStatements":1,"matched":1,"changed":\(isAllowed ? 1 : 0),"left":\(isAllowed ? 0 : 1),"results":[],\
            "widened":[{"vulnerabilityId":"\(Self.project)","path":"statements[0]","vulnerability":"CVE-1","packageName":"zlib",\
            "repository":"h/app","isDecided":\(isAllowed),"otherImages":5,"images":[\(image)]}]}
            """
        let query = isAllowed ? "?allowWider=true" : ""
        let (run, _) = try await run(
            "{}",
            isAllowed ? ["--allow-wider"] : [],
            ["POST /project/\(Self.project)/results/container/vex\(query)": .init(body: body)]
        )
        #expect(run.exitCode == exitCode, "\(run.complaints)")
        #expect(
            run.complaints.contains(
                "note: CVE-1 of zlib \(words): statements[0] is not about h/app:2 (linux/amd64) and 4 more"
            ),
            "\(run.complaints)"
        )
        #expect(run.complaints.contains("hint: --allow-wider") == !isAllowed)
    }

    @Test(arguments: ["no json", ""])
    func whatIsNoDocumentIsNotSent(text: String) async throws {
        let (run, server) = try await run(text, [], [:])
        #expect(run.exitCode == 1 && run.complaints.contains("is not JSON") && server.requests.isEmpty)
    }
}
