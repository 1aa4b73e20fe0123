import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

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
        // Another test's server may be given the port that became free, but not every time.
        var isAccepting = true
        for _ in 0..<5 where isAccepting {
            let port = try await withServer { server async throws in
                #expect(connects(to: server.port))
                return server.port
            }
            isAccepting = connects(to: port)
        }
        #expect(!isAccepting)
    }

    /// Whether somebody listens on a port of this machine.
    private func connects(to port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                connect(descriptor, $0.baseAddress, socklen_t(bytes.count)) == 0
            }
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
