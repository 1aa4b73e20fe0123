import Testing

@testable import Scanning

/// Large files wait for each other, and never for ever.
struct HeldMemoryTests {
    /// Sleeps until it is cancelled.
    private static let forever: @Sendable (Duration) async throws -> Void = { _ in
        try await Task.sleep(for: .seconds(86_400))
    }

    @Test func fileWaitsUntilThereIsRoom() async {
        let memory = HeldMemory(roomInBytes: 100, sleep: Self.forever)
        let first = await memory.take(60)
        #expect(first == 60)
        async let second = memory.take(50)
        memory.giveBack(first)
        #expect(await second == 50)
        #expect(await memory.take(50) == 50)
    }

    /// It goes alone.
    @Test func fileThatIsLargerThanAllRoomGetsAllOfIt() async {
        let memory = HeldMemory(roomInBytes: 100, sleep: Self.forever)
        #expect(await memory.take(1_000) == 100)
    }

    @Test func patienceEnds() async {
        let memory = HeldMemory(roomInBytes: 100, sleep: { _ in })
        var taken = await memory.take(100)
        while taken == 0 { taken = await memory.take(100) }
        #expect(await memory.take(1) == 0)
        memory.giveBack(100)
    }

    @Test func whoIsCancelledLeavesTheQueue() async {
        let memory = HeldMemory(roomInBytes: 100, sleep: Self.forever)
        #expect(await memory.take(80) == 80)
        let large = Task { await memory.take(100) }
        large.cancel()
        #expect(await large.value == 0)
        #expect(await memory.take(20) == 20)
    }
}
