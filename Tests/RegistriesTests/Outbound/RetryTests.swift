import Registries
import RegistryStubs
import Sealing
import Synchronization
import Testing

/// Only reads are sent again, only after a broken connection, and only a few times.
@Suite struct RetryTests {
    static func run(
        breaking count: Int,
        _ method: OutboundRequest.Method = .get,
        isRetryable: Bool? = nil,
        broken: WireAnswer = WireAnswer(steps: [.close])
    ) async throws -> (status: Int?, requests: Int) {
        let left = Mutex(count)
        return try await WireServer.run { _ in
            let breaks = left.withLock { left in
                left -= 1
                return left >= 0
            }
            return breaks ? broken : .ok("x")
        } _: { server in
            try await withOutbound { client in
                var request = OutboundRequest(
                    method,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    bodyLimit: .object
                )
                if let isRetryable { request.isRetryable = isRetryable }
                let status = try? await client.send(request).status
                return (status, server.requests.count)
            }
        }
    }

    @Test(arguments: [1, 2])
    func readIsSentAgainAfterABrokenConnection(count: Int) async throws {
        let result = try await RetryTests.run(breaking: count)
        #expect(result.status == 200)
        #expect(result.requests == count + 1)
    }

    @Test func bodyThatBreaksOffIsFetchedAgain() async throws {
        let broken = WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "10")]) + "abc"), .close])
        let result = try await RetryTests.run(breaking: 1, broken: broken)
        #expect(result.status == 200)
        #expect(result.requests == 2)
    }

    @Test func retriesAreBounded() async throws {
        let result = try await RetryTests.run(breaking: .max)
        #expect(result.status == nil)
        #expect(result.requests == 3)
    }

    @Test func postIsSentOnce() async throws {
        let result = try await RetryTests.run(breaking: 1, .post)
        #expect(result.status == nil)
        #expect(result.requests == 1)
    }

    /// A login may be sent twice; its sender knows that.
    @Test func postIsSentAgainWhereItsSenderSaysSo() async throws {
        let result = try await RetryTests.run(breaking: 1, .post, isRetryable: true)
        #expect(result.status == 200)
        #expect(result.requests == 2)
    }

    @Test(arguments: [400, 401, 403, 404, 500, 502, 504])
    func answersAreNotAskedForAgain(status: Int) async throws {
        let result = try await RetryTests.run(breaking: .max, broken: .status(status))
        #expect(result.status == status)
        #expect(result.requests == 1)
    }

    @Test func streamIsNotSentAgainOnceItsReaderBegan() async throws {
        let broken = WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "10")]) + "abc"), .close])
        try await WireServer.run { _ in
            broken
        } _: { server in
            try await withOutbound { client in
                let request = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    bodyLimit: .object
                )
                let error = await registryError {
                    try await client.stream(request) { _, body in for try await _ in body {} }
                }
                #expect(error != nil)
                #expect(server.requests.count == 1)
            }
        }
    }

    struct ReaderError: Error, Equatable {}

    @Test func errorOfTheReaderComesBackAsItIs() async throws {
        try await WireServer.run { _ in
            .ok("abc")
        } _: { server in
            try await withOutbound { client in
                let request = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    bodyLimit: .object
                )
                await #expect(throws: ReaderError()) {
                    try await client.stream(request) { _, _ in throw ReaderError() }
                }
                #expect(server.requests.count == 1)
            }
        }
    }
}
