import Foundation
import Testing

@testable import pratique

/// `pratique finding where` and `finding list --unmatched` against a scripted server.
@Suite struct FindingWhereTests {
    static let organization = "0198c0de-0000-7000-8000-00000000000a"
    static let project = "0198c0de-0000-7000-8000-00000000000b"
    static let path = "/organization/\(organization)/results/container/images"

    private func run(_ arguments: [String], _ answers: [String: ScriptedServer.Answer]) async throws -> CommandRun {
        let server = try ScriptedServer(answers)
        return try await CommandRun(
            ["finding"] + arguments,
            variables: [
                "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
                "PRATIQUE_ORGANIZATION": Self.organization, "XDG_CONFIG_HOME": "/nonexistent",
            ]
        )
    }

    private static func page(_ name: String, of pages: Int, isComplete: Bool = true) -> ScriptedServer.Answer {
        .init(
            body: """
                {"images":[{"artifactName":"\(name)","platform":"linux/amd64","packageName":"openssl","installedVersion":"3.0.1",\
                "fixedIn":null,"severity":"high","status":"to_verify","projectId":"\(project)"}],"total":\(pages),\
                "totalPages":\(pages),"completeness":{"images":2,"incompleteImages":\(isComplete ? 0 : 1),"isComplete":\(isComplete)}}
                """
        )
    }

    @Test func everyPageIsShownAndWhatIsNotKnownIsTold() async throws {
        let run = try await run(
            ["where", "CVE-2026-1"],
            [
                "GET \(Self.path)?vulnerability=CVE-2026-1&page=1&pageSize=100": Self.page(
                    "a:1",
                    of: 2,
                    isComplete: false
                ),
                "GET \(Self.path)?vulnerability=CVE-2026-1&page=2&pageSize=100": Self.page("b:1", of: 2),
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.contains("a:1") && run.output.contains("b:1") && run.output.contains("no fix"))
        #expect(run.complaints == "note: not everything is known of 1 of 2 images: there may be more\n")
    }

    @Test(arguments: [
        (["--package", "a b", "--version", "1"], "package=a%20b&version=1"),
        (["--purl", "pkg:deb/a"], "purl=pkg%3Adeb%2Fa"),
    ])
    func packagesAreAskedForByNameAndByURL(arguments: [String], query: String) async throws {
        let answers = ["GET \(Self.path)?\(query)&page=1&pageSize=100": Self.page("a:1", of: 1)]
        let run = try await run(["where", "-o", "json"] + arguments, answers)
        #expect(run.exitCode == 0 && run.output.contains("\"completeness\""), "\(run.complaints)")
    }

    @Test(arguments: [[], ["CVE-1", "--package", "a"], ["CVE-1", "--version", "1"]])
    func oneThingIsAskedFor(arguments: [String]) async throws {
        #expect(try await run(["where"] + arguments, [:]).exitCode == 64)
    }

    @Test func unmatchedDecisionsAreAListOfTheirOwn() async throws {
        let path = "/project/\(Self.project)/results/container/decisions/unmatched?page=1&limit=100"
        let body =
            #"{"vulnerabilities":[],"total":0,"totalPages":0,"completeness":{"images":1,"incompleteImages":0,"isComplete":true}}"#
        let run = try await run(["list", "--unmatched"], ["GET \(path)": .init(body: body)])
        #expect(run.exitCode == 0 && run.complaints == "note: no findings\n", "\(run.complaints)")
        #expect(try await self.run(["list", "--unmatched", "--fixable"], [:]).exitCode == 64)
    }
}
