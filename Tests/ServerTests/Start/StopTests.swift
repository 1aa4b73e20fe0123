import AsyncHTTPClient
import Foundation
import NIOCore
import Testing
import TestSupport

@Suite("Stopping")
struct StopTests {
    @Test func aRequestThatRunsIsFinished() async throws {
        try await withServer { server async throws in
            let (body, source) = AsyncStream.makeStream(of: ByteBuffer.self)
            let text = Array("{\"name\":\"finished\"}".utf8)
            source.yield(ByteBuffer(bytes: text.prefix(5)))
            async let answer = server.admin.send(
                "POST",
                "/organizations",
                body: .stream(body, length: .known(Int64(text.count))),
                headers: [("content-type", "application/json")]
            )
            // The request has begun when it is counted; this request is counted too.
            while try await server.admin.get("/metrics").text.contains("pratique_requests_in_flight 2\n") == false {}
            await server.stop()
            source.yield(ByteBuffer(bytes: text.dropFirst(5)))
            source.finish()
            #expect(try await answer.status == 201)
        }
    }

    @Test func nothingIsAcceptedAfterwards() async throws {
        let client = try await withServer { server async throws in
            #expect(try await server.admin.get("/livez").status == 200)
            return server.port
        }
        await #expect(throws: (any Error).self) {
            try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://127.0.0.1:\(client)/livez"), timeout: .seconds(5))
        }
    }

    @Test func aSignalStopsTheProgramWithExitCodeZero() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await withServeProcess(
                in: directory,
                arguments: ["--bootstrap-key-file", directory.file("first-key")]
            ) { process async throws in
                #expect(try await process.send("GET", "/livez", key: nil).status == 200)
                process.terminate()
                await process.logEnds()
            }
            #expect(outcome.exitCode == 0, "\(outcome.log)")
            #expect(outcome.log.contains { $0.contains("\"message\":\"stopped\"") })
        }
    }
}
