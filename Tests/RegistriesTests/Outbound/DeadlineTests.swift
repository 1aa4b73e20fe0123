import Logging
import Registries
import RegistryStubs
import Testing

/// Nothing outside can hold a request for longer than its deadlines.
@Suite struct DeadlineTests {
    static func send(_ answer: WireAnswer) async -> RegistryError? {
        await registryError {
            try await WireServer.run { _ in
                answer
            } _: { server in
                try await withOutbound { client in
                    let url = try OutboundURL("http://registry.test:\(server.port)/")
                    _ = try await client.send(OutboundRequest(.get, url, bodyLimit: .object, deadlines: .brief))
                }
            }
        }
    }

    @Test(arguments: [
        WireAnswer(steps: [.stall]), WireAnswer(steps: [.send("HTTP/1.1 200 OK\r\nX: y"), .stall]),
        // Interim answers are none.
        WireAnswer(steps: [.drip("HTTP/1.1 100 Continue\r\n\r\n")]),
    ])
    func silentServerIsTimedOut(answer: WireAnswer) async {
        let error = await DeadlineTests.send(answer)
        #expect(error.map { [.timeout, .upstreamMisbehaved].contains($0.code) } == true)
    }

    @Test(arguments: [
        WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "1000")]) + "x"), .stall]),
        WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "1000000")])), .drip("x")]),
        WireAnswer(steps: [.send(WireAnswer.head(500)), .drip("x")]),
    ])
    func slowBodyEndsAtTheDeadline(answer: WireAnswer) async {
        #expect(await DeadlineTests.send(answer)?.code == .timeout)
    }

    @Test func stalledStreamEndsAtTheIdleDeadline() async throws {
        let answer = WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "1000")]) + "abc"), .stall])
        try await WireServer.run { _ in
            answer
        } _: { server in
            try await withOutbound { client in
                var request = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    bodyLimit: .manifest
                )
                request.deadlines = OutboundDeadlines(
                    firstByte: .seconds(60),
                    idle: .milliseconds(80),
                    whole: .seconds(60)
                )
                let error = await registryError {
                    try await client.stream(request) { _, body in
                        for try await piece in body { #expect(piece == Array("abc".utf8)) }
                    }
                }
                #expect(error?.code == .timeout)
                #expect(error?.message.contains("middle of a body") == true)
            }
        }
    }

    /// A consumer that takes its time is not the server's stall.
    @Test func slowReaderIsNotTimedOut() async throws {
        let clock = ManualTime()
        try await WireServer.run { _ in
            .ok("abc")
        } _: { server in
            try await withOutbound(time: clock.time) { client in
                var request = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    bodyLimit: .manifest
                )
                request.deadlines = OutboundDeadlines(firstByte: .seconds(50), idle: .seconds(4), whole: .seconds(600))
                let body = try await client.stream(request) { _, body in
                    var bytes: [UInt8] = []
                    for try await piece in body {
                        bytes += piece
                        for _ in 0..<10 {
                            await clock.someoneSleeps(atMost: .seconds(1))
                            clock.advance(by: .seconds(2))
                        }
                    }
                    return bytes
                }
                #expect(body == Array("abc".utf8))
            }
        }
    }

    @Test func handshakeThatNeverEndsIsTimedOut() async throws {
        var limits = OutboundLimits.patient
        limits.connect = .milliseconds(150)
        try await WireServer.run { _ in
            WireAnswer(steps: [.stall])
        } _: { server in
            try await withOutbound(limits: limits) { client in
                let url = try OutboundURL("https://registry.test:\(server.port)/")
                let error = await registryError {
                    _ = try await client.send(OutboundRequest(.get, url, bodyLimit: .object))
                }
                #expect(error?.code == .timeout)
            }
        }
    }

    @Test func nameServerThatNeverAnswersIsTimedOut() async throws {
        var limits = OutboundLimits.patient
        limits.resolve = .milliseconds(50)
        let client = OutboundClient(
            policy: OutboundPolicy(),
            limits: limits,
            version: "0",
            logger: .init(label: "test"),
            resolver: HostResolver { _ in
                try await Task.sleep(for: .seconds(600))
                return []
            }
        )
        let request = OutboundRequest(.get, try OutboundURL("https://registry.test/"), bodyLimit: .object)
        let error = await registryError { _ = try await client.send(request) }
        #expect(error?.code == .timeout)
        await client.shutdown()
    }
}
