import Storage
import TestSupport
import Testing

@testable import Server

/// Clients that ask for documents and do not read them.
@Suite("Slow readers of documents", .timeLimit(.minutes(8))) struct SlowReaderTests {
    /// Some megabytes: more than what a connection holds between a server that writes and a client that does not read.
    private func withLargeImage(
        _ options: ServerOptions = ServerOptions(),
        _ body: (RunningServer, [String]) async throws -> Void
    ) async throws {
        try await withServer(options: options) { server async throws in
            let summary = String(repeating: "It overflows. ", count: 1_000)
            let seeded = try await server.seedScan(
                findings: (0..<600).map { .seed("CVE-2026-\(10_000 + $0)", summary: summary) }
            )
            let project = "/project/\(server.first.project)"
            let image = "\(project)/results/container/images/\(seeded.image)"
            try await body(server, ["\(image)/report", "\(image)/sbom", "\(image)/sarif", "\(image)/csv"])
        }
    }

    private func silent(_ server: RunningServer, _ target: String) async throws -> SilentReader {
        let reader = try SilentReader(target, key: server.first.key, port: server.port)
        #expect(await reader.status() == 200)
        return reader
    }

    @Test func documentsThatNobodyReadsAreFewAndTheirPlacesComeBack() async throws {
        try await withLargeImage { server, paths in
            var readers: [SilentReader] = []
            while readers.count < DocumentRoom.limitOfOne {
                readers.append(try await silent(server, paths[readers.count % paths.count]))
            }
            for path in paths + ["/project/\(server.first.project)/sbom"] {
                let refused = try await server.admin.get(path)
                #expect((refused.status, refused.code) == (429, "too-many-documents"), "\(refused)")
                #expect(refused["retry-after"] == "5")
            }
            // What is no document is answered.
            let list = "/project/\(server.first.project)/results/container?limit=1"
            #expect(try await server.admin.get(list).status == 200)
            readers = []
            #expect(try await eventually { try await server.admin.get(paths[3]).status == 200 })
        }
    }

    @Test func readerThatTakesNothingIsCutOff() async throws {
        var options = ServerOptions()
        options.readerDeadline = .seconds(1)
        try await withLargeImage(options) { server, paths in
            var readers: [SilentReader] = []
            while readers.count < DocumentRoom.limitOfOne { readers.append(try await silent(server, paths[0])) }
            // They hold their connections still. A small document is not held up by anybody who reads it.
            let small = try await server.seedScan(repository: "registry.example.com/small", findings: [])
            let path = "/project/\(server.first.project)/results/container/images/\(small.image)/csv"
            #expect(try await eventually { try await server.admin.get(path).status == 200 })
            #expect(readers.count == DocumentRoom.limitOfOne)
        }
    }

    @Test func documentThatIsReadIsWhole() async throws {
        try await withLargeImage { server, paths in
            for path in paths {
                let answer = try await server.admin.get(path)
                #expect(answer.status == 200 && answer.body.count > 1_000_000, "\(path)")
                #expect(answer["content-length"] == "\(answer.body.count)")
            }
            #expect(try await server.admin.get(paths[0]).json["findings"].items.count == 600)
        }
    }
}
