import HTTPTypes
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Server

/// What documents may hold in memory together.
@Suite(.timeLimit(.minutes(5))) struct DocumentRoomTests {
    private func make(_ count: Int, in room: DocumentRoom) async throws -> DocumentRoom.Held {
        try await room.make { ((), bytes: Array(repeating: 1, count: count)) }.1
    }

    @Test func bytesCountUntilNobodyHoldsThem() async throws {
        let room = DocumentRoom(limitInBytes: 100)
        var held = [try await make(60, in: room), try await make(30, in: room)]
        #expect(room.heldInBytes == 90)
        held.removeFirst()
        #expect(room.heldInBytes == 30)
        held = []
        #expect(room.heldInBytes == 0)
    }

    @Test func nothingIsMadeWhileFinishedDocumentsHoldTooMuch() async throws {
        let room = DocumentRoom(limitInBytes: 100)
        var held = [try await make(99, in: room), try await make(500, in: room)]
        let made = Mutex(false)
        let error = await #expect(throws: APIError.self) {
            try await room.make {
                made.withLock { $0 = true }
                return ((), bytes: [])
            }
        }
        #expect(error?.status == .tooManyRequests && error?.code == .tooManyDocuments && error?.retryAfter != nil)
        #expect(!made.withLock { $0 })
        held.removeLast()
        held.append(try await make(1, in: room))
        #expect(room.heldInBytes == 100)
    }

    @Test func failedDocumentHoldsNothing() async throws {
        let room = DocumentRoom(limitInBytes: 100)
        struct Broken: Error {}
        for _ in 0...DocumentRoom.width {
            await #expect(throws: Broken.self) {
                try await room.make { () async throws -> (Void, bytes: [UInt8]) in throw Broken() }
            }
        }
        #expect(room.heldInBytes == 0)
        _ = try await make(1, in: room)
    }

    private func makePart(in room: DocumentRoom, _ made: Finished) async throws {
        let (_, part) = try await room.makePart { ((), bytes: Array(repeating: 1, count: 70)) }
        // Others were in the making when there was room for one.
        #expect(room.heldInBytes <= 100 + 70 * DocumentRoom.width)
        made.count.withLock { $0 += part.count }
    }

    private final class Finished: Sendable {
        let count = Mutex(0)
    }

    @Test func partOfABegunDocumentWaitsForRoom() async throws {
        let (room, made) = (DocumentRoom(limitInBytes: 100), Finished())
        let first = Mutex<DocumentRoom.Held?>(try await make(100, in: room))
        async let one: Void = makePart(in: room, made)
        async let two: Void = makePart(in: room, made)
        async let three: Void = makePart(in: room, made)
        // Whoever is there by now waits.
        for _ in 0..<10 { await Task.yield() }
        #expect(made.count.withLock { $0 } == 0)
        first.withLock { $0 = nil }
        _ = try await (one, two, three)
        #expect(made.count.withLock { $0 } == 210 && room.heldInBytes == 0)
    }

    @Test(arguments: [0, 1, 64, 65, 128]) func piecesAreTheWhole(count: Int) async throws {
        let bytes = (0..<count).map { UInt8($0) }
        let (_, held) = try await DocumentRoom().make { ((), bytes: bytes) }
        var read: [UInt8] = []
        await held.eachChunk(of: 64) { chunk in
            #expect((1...64).contains(chunk.count))
            read += chunk
        }
        #expect(read == bytes)
    }
}
