import Registries
import RegistryStubs
import Testing

/// Every body is bounded, whatever its length claims.
@Suite struct BodyLimitTests {
    static let small = BodyLimit("test", sizeInBytes: 1_000)

    static func send(_ answer: WireAnswer, limit: BodyLimit = small) async throws -> OutboundResponse {
        try await WireServer.run { _ in
            answer
        } _: { server in
            try await withOutbound { client in
                try await client.send(
                    OutboundRequest(
                        .get,
                        try OutboundURL("http://registry.test:\(server.port)/"),
                        bodyLimit: limit,
                        deadlines: OutboundDeadlines(firstByte: .seconds(60), idle: .seconds(60), whole: .seconds(60))
                    )
                )
            }
        }
    }

    @Test func bodyOfExactlyTheLimitIsRead() async throws {
        let response = try await BodyLimitTests.send(.ok(String(repeating: "x", count: 1_000)))
        #expect(response.body.count == 1_000)
    }

    @Test(arguments: [
        WireAnswer.ok(String(repeating: "x", count: 1_001)),
        // Announced and never sent: refused on the announcement.
        WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "5000")])), .stall]),
        WireAnswer(steps: [
            .send(WireAnswer.head(200, [("Transfer-Encoding", "chunked")])),
            .sendForever("1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"),
        ]),
        // Until the connection closes, which it never does.
        WireAnswer(steps: [.send(WireAnswer.head(200)), .sendForever(String(repeating: "x", count: 4_096))]),
        WireAnswer(steps: [
            .send(WireAnswer.head(200, [("Content-Length", "9223372036854775807")])), .sendForever("xxxxxxxxxxxxxxxx"),
        ]),
    ])
    func largerBodyIsRefused(answer: WireAnswer) async throws {
        let error = await registryError { _ = try await BodyLimitTests.send(answer) }
        #expect(error?.code == .upstreamMisbehaved)
        #expect(error?.message.contains("limit for a test") == true)
    }

    /// An error page that never ends must not hide its status.
    @Test func bodyOfAnErrorIsCut() async throws {
        let response = try await BodyLimitTests.send(
            WireAnswer(steps: [
                .send(WireAnswer.head(502, [("Content-Type", "text/html")])),
                .sendForever(String(repeating: "<p>x</p>", count: 512)),
            ])
        )
        #expect(response.status == 502)
        #expect(response.body.count == 64 << 10)
    }

    @Test func bodyShorterThanAnnouncedIsNoAnswer() async throws {
        let answer = WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "100")]) + "short"), .close])
        let error = await registryError { _ = try await BodyLimitTests.send(answer) }
        #expect(error.map { [.unreachable, .upstreamMisbehaved].contains($0.code) } == true)
    }

    /// The surplus is no part of the answer, and of no other answer either.
    @Test func bodyLongerThanAnnouncedEndsTheConnection() async throws {
        let smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        let answer = WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "2")]) + "ok" + smuggled)])
        try await WireServer.run { _ in
            answer
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                for _ in 0..<4 {
                    let response = try? await client.send(OutboundRequest(.get, url, bodyLimit: .object))
                    #expect(response == nil || response?.body == Array("ok".utf8))
                }
            }
        }
    }

    @Test(arguments: [
        [("Content-Length", "2"), ("Content-Length", "3")], [("Content-Length", "-1")], [("Content-Length", "2x")],
        [("Content-Length", "99999999999999999999999")], [("Transfer-Encoding", "chunked"), ("Content-Length", "2")],
    ])
    func contradictoryFramingIsNotBelieved(headers: [(String, String)]) async throws {
        let answer = WireAnswer(steps: [.send(WireAnswer.head(200, headers) + "2\r\nok\r\n0\r\n\r\n"), .close])
        do {
            let response = try await BodyLimitTests.send(answer)
            #expect(response.body == Array("ok".utf8))
        } catch let error as RegistryError {
            #expect([.upstreamMisbehaved, .unreachable].contains(error.code))
        }
    }

    @Test(arguments: ["gzip", "deflate", "br", "zstd"])
    func compressedAnswerIsRefused(encoding: String) async throws {
        let error = await registryError {
            _ = try await BodyLimitTests.send(.ok("\u{1f}\u{8b}", [("Content-Encoding", encoding)]))
        }
        #expect(error?.code == .upstreamMisbehaved)
        #expect(error?.message.contains("compressed") == true)
    }

    @Test(arguments: [
        (0..<200).map { ("X-\($0)", "v") }, [("X-Large", String(repeating: "v", count: 70_000))],
        (0..<100).map { ("X-\($0)", String(repeating: "v", count: 900)) },
    ])
    func tooManyHeadersAreRefused(headers: [(String, String)]) async throws {
        let error = await registryError { _ = try await BodyLimitTests.send(.ok("", headers)) }
        #expect(error?.code == .upstreamMisbehaved)
    }

    @Test func endlessHeadersAreRefused() async throws {
        let answer = WireAnswer(steps: [
            .send("HTTP/1.1 200 OK\r\nX: "), .sendForever(String(repeating: "x", count: 4_096)),
        ])
        let error = await registryError { _ = try await BodyLimitTests.send(answer) }
        #expect(error?.code == .upstreamMisbehaved)
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.6\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{16}", "<html>\r\n\r\n",
    ])
    func whatIsNoHTTPIsNoAnswer(text: String) async throws {
        let error = await registryError { _ = try await BodyLimitTests.send(WireAnswer(steps: [.send(text), .close])) }
        #expect(error.map { [.upstreamMisbehaved, .unreachable].contains($0.code) } == true)
    }
}
