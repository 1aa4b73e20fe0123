import Synchronization
import Testing

@testable import Registries

@Suite struct SingleFlightTests {
    /// A fetch that a test ends.
    final class Fetch: Sendable {
        private let started = Mutex(0)
        private let cancelled = Mutex(0)
        let result = Waited<Int>()
        let begun = Waited<Void>()
        let ended = Waited<Void>()

        var starts: Int { started.withLock { $0 } }

        func run() async throws -> Int {
            started.withLock { $0 += 1 }
            begun.finish(.success(()))
            do {
                return try await result.value
            } catch {
                ended.finish(.success(()))
                throw error
            }
        }
    }

    @Test func manyWaitersShareOneFetch() async throws {
        let flights = SingleFlight<String, Int>()
        let fetch = Fetch()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 { group.addTask { try await flights.value("a") { try await fetch.run() } } }
            try await fetch.begun.value
            fetch.result.finish(.success(7))
            for try await value in group { #expect(value == 7) }
        }
        // Waiters that came after its end began another; none waits for nothing.
        #expect(fetch.starts >= 1)
    }

    @Test func oneCancelledWaiterLeavesTheOthers() async throws {
        let flights = SingleFlight<String, Int>()
        let fetch = Fetch()
        let first = Task { try await flights.value("a") { try await fetch.run() } }
        try await fetch.begun.value
        let second = Task { try await flights.value("a") { 99 } }
        while !flights.isJoined("a", by: 2) { await Task.yield() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        fetch.result.finish(.success(7))
        #expect(try await second.value == 7)
        #expect(fetch.starts == 1)
    }

    @Test func lastCancelledWaiterEndsTheFetch() async throws {
        let flights = SingleFlight<String, Int>()
        let fetch = Fetch()
        let waiter = Task { try await flights.value("a") { try await fetch.run() } }
        try await fetch.begun.value
        while !flights.isJoined("a", by: 1) { await Task.yield() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        try await fetch.ended.value
        #expect(try await flights.value("a") { 8 } == 8)
    }

    @Test func failureIsForThoseWhoWaited() async throws {
        let flights = SingleFlight<String, Int>()
        await #expect(throws: RegistryError.self) {
            try await flights.value("a") { throw RegistryError(.unreachable, "no") }
        }
        #expect(try await flights.value("a") { 1 } == 1)
        #expect(try await flights.value("b") { 2 } == 2)
    }
}
