import Registries
import Testing

struct CancellableSleepTests {
    @Test func endsByItself() async throws {
        try await CancellableSleep.sleep(for: .milliseconds(1))
    }

    /// Nobody waits a day for a test.
    @Test func brokenOffItEndsAtOnce() async {
        let (began, hasBegun) = AsyncStream.makeStream(of: Void.self)
        let sleeper = Task {
            hasBegun.finish()
            try await CancellableSleep.sleep(for: .seconds(86_400))
        }
        for await _ in began {}
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func brokenOffBeforeItBeginsItDoesNotBegin() async {
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        let sleeper = Task {
            for await _ in gate {}
            try await CancellableSleep.sleep(for: .seconds(86_400))
        }
        sleeper.cancel()
        opened.finish()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    /// Longer than a timer can count.
    @Test func theLongestDurationIsNoTrap() async {
        let sleeper = Task { try await CancellableSleep.sleep(for: .seconds(Int64.max)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
