import Foundation
import Registries
import RegistryStubs
import Sealing
import Synchronization
import Testing

/// One host never gets more at once than its window, and is left alone when it asks for it.
@Suite struct HostGateTests {
    static func get(_ port: Int, _ host: String = "registry.test") throws -> OutboundRequest {
        OutboundRequest(.get, try OutboundURL("http://\(host):\(port)/"), bodyLimit: .object)
    }

    @Test func requestsToOneHostRunInAWindow() async throws {
        try await WireServer.run { _ in
            .ok("x")
        } _: { server in
            var limits = OutboundLimits.patient
            limits.requestsPerHost = 3
            try await withOutbound(limits: limits) { client in
                let request = try HostGateTests.get(server.port)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<60 { group.addTask { try await client.send(request).status } }
                    for try await status in group { #expect(status == 200) }
                }
                #expect(server.requests.count == 60)
                #expect(server.mostAtOnce <= 3)
            }
        }
    }

    /// A waiter that is cancelled gives up its place, and the place of a running request goes to the next.
    @Test func cancelledRequestsLeaveTheWindowWhole() async throws {
        try await WireServer.run {
            $0.path == "/stall" ? WireAnswer(steps: [.stall]) : .ok("x")
        } _: { server in
            var limits = OutboundLimits.patient
            limits.requestsPerHost = 2
            try await withOutbound(limits: limits) { client in
                let stalling = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/stall"),
                    bodyLimit: .object
                )
                let running = (0..<2).map { _ in Task { try await client.send(stalling) } }
                await server.received(2)
                let waiting = (0..<20).map { _ in Task { try await client.send(stalling) } }
                for task in waiting { task.cancel() }
                for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
                for task in running { task.cancel() }
                for task in running { await #expect(throws: CancellationError.self) { try await task.value } }
                for _ in 0..<5 { #expect(try await client.send(HostGateTests.get(server.port)).status == 200) }
                #expect(server.requests.count == 7)
            }
        }
    }

    /// Who reads a blob may ask the same host for a token meanwhile, even when the window of streams is full.
    @Test func streamsDoNotStarveRequests() async throws {
        try await WireServer.run { _ in
            .ok("x")
        } _: { server in
            var limits = OutboundLimits.patient
            limits.requestsPerHost = 1
            limits.streamsPerHost = 1
            try await withOutbound(limits: limits) { client in
                let request = try HostGateTests.get(server.port)
                let status = try await client.stream(request) { _, body in
                    for try await _ in body {}
                    return try await client.send(request).status
                }
                #expect(status == 200)
            }
        }
    }

    @Test(
        arguments: [
            (429, ("Retry-After", "60"), 60), (503, ("Retry-After", "60"), 60),
            (429, ("Retry-After", "100000000"), 300),
            (429, ("retry-after", "Fri, 15 Jan 2027 08:01:40 GMT"), 100), (429, ("X-Retry-After", "1800000090"), 90),
            (429, ("Retry-After", "soon"), 5), (429, ("Retry-After", "-5"), 5), (429, ("X-Other", "1"), 5),
        ] as [(Int, (String, String), Int)]
    )
    func pauseClosesTheHostForAll(status: Int, header: (String, String), seconds: Int) async throws {
        let clock = ManualTime()
        try await WireServer.run { _ in
            .status(status, headers: [header])
        } _: { server in
            try await withOutbound(time: clock.time) { client in
                var request = try HostGateTests.get(server.port)
                request.isRetryable = false
                #expect(try await client.send(request).status == status)
                for _ in 0..<5 {
                    let error = await registryError { _ = try await client.send(request) }
                    #expect(error?.code == .rateLimited)
                    #expect(error?.retryAfter == .seconds(seconds))
                }
                #expect(server.requests.count == 1)
                clock.advance(by: .seconds(seconds))
                #expect(try await client.send(request).status == status)
                #expect(server.requests.count == 2)
            }
        }
    }

    @Test(
        arguments: [(503, []), (500, [("Retry-After", "60")]), (200, [("Retry-After", "60")])]
            as [(Int, [(String, String)])]
    )
    func otherAnswersCloseNothing(status: Int, headers: [(String, String)]) async throws {
        try await WireServer.run { _ in
            .status(status, headers: headers)
        } _: { server in
            try await withOutbound { client in
                var request = try HostGateTests.get(server.port)
                request.isRetryable = false
                for _ in 0..<3 { #expect(try await client.send(request).status == status) }
            }
        }
    }

    @Test func pauseIsForItsHostOnly() async throws {
        let clock = ManualTime()
        try await WireServer.run { _ in
            .ok("x")
        } _: { other in
            try await WireServer.run { _ in
                .status(429, headers: [("Retry-After", "60")])
            } _: { server in
                try await withOutbound(time: clock.time) { client in
                    _ = try await client.send(HostGateTests.get(server.port))
                    #expect(try await client.send(HostGateTests.get(other.port)).status == 200)
                    #expect(try await client.send(HostGateTests.get(other.port, "other.test")).status == 200)
                }
            }
        }
    }

    /// A short pause is waited out, and the read is sent again after it.
    @Test func shortPauseIsWaitedOut() async throws {
        let clock = ManualTime()
        let count = Mutex(0)
        try await WireServer.run { _ in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst ? .status(429, headers: [("Retry-After", "2")]) : .ok("x")
        } _: { server in
            try await withOutbound(time: clock.time) { client in
                let request = try HostGateTests.get(server.port)
                let task = Task { try await client.send(request).status }
                await clock.someoneSleeps(atMost: .seconds(2))
                #expect(server.requests.count == 1)
                clock.advance(by: .seconds(2))
                #expect(try await task.value == 200)
                #expect(server.requests.count == 2)
            }
        }
    }
}
