import Foundation
import Testing

@testable import pratique

/// `pratique sbom get` against a scripted server.
@Suite struct BillCommandTests {
    static let project = "0198c0de-0000-7000-8000-00000000000b"
    static let results = "/project/\(project)/results/container/images"

    private static func list(_ images: [(id: Int, name: String, platform: String)]) -> ScriptedServer.Answer {
        let items = images.map {
            #"{"id":"0198c0de-0000-7000-8000-00000000000\#($0.id)","artifactName":"\#($0.name)","platform":"\#($0.platform)"}"#
        }
        return .init(body: #"{"images":[\#(items.joined(separator: ","))],"totalPages":1}"#)
    }

    private static let images = list([
        (1, "r.example.com/shop/app:1", "linux/amd64"), (2, "r.example.com/shop/app:1", "linux/arm64"),
        (3, "r.example.com/shop/myapp:1", "linux/amd64"),
    ])

    private func run(_ arguments: [String], _ answers: [String: ScriptedServer.Answer]) async throws -> CommandRun {
        let server = try ScriptedServer(answers)
        return try await CommandRun(
            ["sbom", "get"] + arguments,
            variables: [
                "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
                "XDG_CONFIG_HOME": "/nonexistent",
            ]
        )
    }

    @Test(arguments: [
        (["app:1", "--platform", "linux/arm64"], "2/sbom?format=cyclonedx"),
        (["r.example.com/shop/myapp:1", "-o", "spdx"], "3/sbom?format=spdx"),
        (["shop/app:1", "--platform", "linux/amd64", "--output", "sarif"], "1/sarif"),
        (["myapp:1", "-o", "csv"], "3/csv"),
        (["myapp:1", "-o", "json"], "3/report"),
    ])
    func imageIsFoundByTheEndOfItsName(arguments: [String], path: String) async throws {
        let run = try await run(
            arguments,
            [
                "GET \(Self.results)?page=1&limit=100": Self.images,
                "GET \(Self.results)/0198c0de-0000-7000-8000-00000000000\(path)": .init(
                    body: "{\"a\": \"b\u{9B}2J\"}\n"
                ),
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        // What a terminal could obey is escaped where that means the same, and else left out.
        #expect(run.output == (path.hasSuffix("csv") ? "{\"a\": \"b2J\"}\n" : "{\"a\": \"b\\u009b2J\"}\n"))
    }

    @Test func nameOfSeveralImagesIsNoName() async throws {
        let run = try await run(["app:1"], ["GET \(Self.results)?page=1&limit=100": Self.images])
        #expect(run.exitCode == 1 && run.output.isEmpty)
        #expect(run.complaints.contains("2 images are called") && run.complaints.contains("linux/arm64"))
        let none = try await self.run(["other:1"], ["GET \(Self.results)?page=1&limit=100": Self.images])
        #expect(none.exitCode == 1 && none.complaints.contains("there is no image \"other:1\""))
    }

    @Test func withoutAnImageTheBillIsOfTheProject() async throws {
        let run = try await run([], ["GET /project/\(Self.project)/sbom": .init(body: "{}\n")])
        #expect(run.exitCode == 0 && run.output == "{}\n", "\(run.complaints)")
        #expect(try await self.run(["-o", "sarif"], [:]).exitCode == 64)
    }

    @Test func fileAppearsWhole() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pratique-bill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "app.json").path
        let id = "0198c0de-0000-7000-8000-000000000001"
        let written = try await run(
            [id, "--output-file", file],
            ["GET \(Self.results)/\(id)/sbom?format=cyclonedx": .init(body: "{}\n")]
        )
        #expect(written.exitCode == 0 && written.output.isEmpty, "\(written.complaints)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "{}\n")
    }
}
