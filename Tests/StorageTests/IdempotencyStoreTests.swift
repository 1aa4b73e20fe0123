import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Answers to repeated requests are kept for a day, for the user who asked.
@Suite struct IdempotencyStoreTests {
    private let answer = IdempotencyStore.Answer(requestMAC: [1, 2], status: 201, location: "/x", body: "{}")

    @Test func answerIsFoundByItsUserAndKeyForADay() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = IdempotencyStore(session)
            let (user, other) = (world.home.user.id, world.away.user.id)
            try store.insert(answer, key: "k", of: user, now: .sample)
            #expect(try store.find("k", of: user, now: .sample) == answer)
            #expect(try store.find("K", of: user, now: .sample) == nil)
            #expect(try store.find("k", of: other, now: .sample) == nil)
            let day = IdempotencyStore.lifetime
            #expect(try store.find("k", of: user, now: .sample + day - 0.001) == answer)
            #expect(try store.find("k", of: user, now: .sample + day) == nil)
        }
    }

    @Test func newAnswerTakesThePlaceOfAnOldOne() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = IdempotencyStore(session)
            let user = world.home.user.id
            try store.insert(answer, key: "k", of: user, now: .sample)
            let second = IdempotencyStore.Answer(requestMAC: [3], status: 409, location: nil, body: nil)
            try store.insert(second, key: "k", of: user, now: .sample + 90_000)
            #expect(try store.find("k", of: user, now: .sample + 90_000) == second)
        }
    }

    @Test func expiredAnswersAreForgottenAndOthersKept() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = IdempotencyStore(session)
            let user = world.home.user.id
            for hour in 0..<30 {
                try store.insert(answer, key: "k\(hour)", of: user, now: .sample + Double(hour) * 3_600)
            }
            try store.deleteExpired(now: .sample + 29 * 3_600)
            #expect(try session.count("SELECT COUNT(*) FROM idempotency", []) == 24)
            #expect(try store.find("k6", of: user, now: .sample + 29 * 3_600) == answer)
        }
    }
}
