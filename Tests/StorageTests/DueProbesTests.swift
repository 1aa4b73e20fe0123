import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Who is probed next: organizations take turns, and in each those that wait longest come first.
@Suite struct DueProbesTests {
    private let now = Date.sample + 3600

    /// `home` has 50 credentials that are due since long, `away` has three since a moment; each in the order of their waiting.
    private func withFlood(
        _ body: (VerificationStore, _ home: [CredentialID], _ away: [CredentialID]) throws -> Void
    ) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = VerificationStore(session)
            func fill(_ tenant: World.Tenant, _ count: Int, from start: Date) throws -> [CredentialID] {
                let ids = try (0..<count).map { _ in try world.storeCredential(of: tenant, in: session).id }.shuffled()
                for (index, id) in ids.enumerated() { try store.schedule(id, at: start + Double(index)) }
                return ids
            }
            let home = try fill(world.home, 50, from: .sample)
            try body(store, home, fill(world.away, 3, from: .sample + 1000))
        }
    }

    @Test func oneWithManyDoesNotPutOffAnothers() async throws {
        try await withFlood { store, home, away in
            let due = try store.due(at: now, limit: 8).map(\.credential)
            #expect(Set(due) == Set(home.prefix(5) + away))
            #expect(due.filter { home.contains($0) } == Array(home.prefix(5)), "those that wait longest first")
            #expect(due.filter { away.contains($0) } == away)
            #expect(Set(due.prefix(2)).intersection(away).count == 1, "in turns")
        }
    }

    /// With one place the turn goes on from call to call.
    @Test func theTurnGoesOnBehindTheLast() async throws {
        try await withFlood { store, home, away in
            var last: OrganizationID?
            var taken: [CredentialID] = []
            for _ in 0..<8 {
                let due = try store.due(at: now, limit: 1, after: last)
                taken += try store.claim(due, lease: UUID(), until: now + 60, now: now).map(\.credential)
                last = due.last?.organization
            }
            #expect(Set(taken) == Set(home.prefix(5) + away))
            #expect(Set(taken.prefix(6)) == Set(home.prefix(3) + away))
        }
    }

    @Test func everyOneThatIsDueIsTakenOnce() async throws {
        try await withFlood { store, home, away in
            var taken: [CredentialID] = []
            while case let due = try store.due(at: now, limit: 16), !due.isEmpty {
                taken += try store.claim(due, lease: UUID(), until: now + 60, now: now).map(\.credential)
            }
            #expect(taken.count == 53 && Set(taken) == Set(home + away))
        }
    }

    /// Another node took it, or it was probed, after it was found.
    @Test func whatIsNoLongerDueIsNotClaimed() async throws {
        try await withFlood { store, home, _ in
            let due = try store.due(at: now, limit: 3)
            #expect(try store.claim(due[0].credential, lease: UUID(), until: now + 60, now: now))
            try store.move(due[1].credential, to: now + 1)
            #expect(try store.claim(due, lease: UUID(), until: now + 60, now: now) == [due[2]])
        }
    }
}
