import Synchronization
import Testing

@testable import Registries

@Suite struct BytePipeTests {
    @Test func piecesComeInOrderAndWhole() async throws {
        let pipe = BytePipe()
        async let written: Void = {
            for number in 0..<2_000 { try await pipe.write([UInt8(truncatingIfNeeded: number)]) }
            pipe.finish(.success(()))
        }()
        var read: [UInt8] = []
        while let piece = try await pipe.read() { read += piece }
        try await written
        #expect(read == (0..<2_000).map { UInt8(truncatingIfNeeded: $0) })
    }

    /// A writer that fails does not take back what it wrote.
    @Test func errorComesAfterWhatWasWritten() async throws {
        let pipe = BytePipe()
        try await pipe.write([1])
        pipe.finish(.failure(RegistryError(.unreachable, "no")))
        #expect(try await pipe.read() == [1])
        await #expect(throws: RegistryError.self) { try await pipe.read() }
    }

    @Test func bothSidesCanBeCancelled() async throws {
        let pipe = BytePipe()
        let reader = Task { try await pipe.read() }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        let full = [UInt8](repeating: 1, count: BytePipe.readyInBytes)
        try await pipe.write(full)
        let writer = Task { try await pipe.write([2]) }
        writer.cancel()
        await #expect(throws: CancellationError.self) { try await writer.value }
        #expect(try await pipe.read() == full)
    }

    /// One piece beyond the room lies ready; the next one waits until half of it is free.
    @Test func writerWaitsForRoom() async throws {
        let pipe = BytePipe()
        let quarter = [UInt8](repeating: 1, count: BytePipe.readyInBytes / 4)
        let written = Mutex(0)
        let writer = Task {
            for _ in 0..<12 {
                try await pipe.write(quarter)
                written.withLock { $0 += 1 }
            }
            pipe.finish(.success(()))
        }
        var (read, most) = (0, 0)
        while try await pipe.read() != nil {
            read += 1
            most = max(most, written.withLock { $0 } - read)
            await Task.yield()
        }
        try await writer.value
        #expect(read == 12 && most <= 5)
    }
}
