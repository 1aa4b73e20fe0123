import Foundation
import Registries
import Storage
import Tenancy
import TestSupport
import Testing

/// What an organization is told of its credentials. Source: issue 3, item 3, "Organization view".
@Suite struct CredentialHealthStoreTests {
    fileprivate static let day = 86_400.0

    private struct Garden {
        let world: World
        let session: any SQLSession
        var health: CredentialHealthStore {
            CredentialHealthStore(session, of: world.home.organization.id, now: .sample)
        }

        @discardableResult
        func add(
            _ state: Verification.State?,
            endsIn days: Double? = nil,
            byUser: Double? = nil,
            usedBefore: Double = 0,
            projects: [Int] = [],
            of tenant: World.Tenant? = nil
        ) throws -> CredentialID {
            let tenant = tenant ?? world.home
            var credential = try world.storeCredential(of: tenant, in: session)
            if let byUser {
                credential.expiresAt = .sample + byUser * CredentialHealthStoreTests.day
                try CredentialStore(session).update(credential)
            }
            try CredentialStore(session).touch(credential.id, at: .sample - usedBefore * CredentialHealthStoreTests.day)
            for index in projects {
                try CredentialLinkStore(session).insert(credential, project: tenant.projects[index].id, at: .sample)
            }
            if let state {
                let outcome = Verification.sample(
                    state,
                    expiresAt: days.map { .sample + $0 * CredentialHealthStoreTests.day }
                )
                let store = VerificationStore(session)
                #expect(try store.record(.sample(credential, outcome), lease: store.lease(credential.id)))
            }
            return credential.id
        }
    }

    private func withGarden(_ body: (Garden) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(Garden(world: world, session: session))
        }
    }

    @Test func anOrganizationWithoutCredentialsHasNoTrouble() async throws {
        try await withGarden { garden in
            let totals = try garden.health.totals()
            #expect(totals.total == 0 && totals.byState.values.allSatisfy { $0 == 0 })
            #expect(totals.byState.count == Verification.State.allCases.count)
            #expect(totals.byTrouble.values.allSatisfy { $0 == 0 } && totals.expiringWithin.values.reduce(0, +) == 0)
            #expect(try garden.health.affectedProjects(limit: 10).total == 0)
        }
    }

    @Test func everyStateIsCountedAndForeignCredentialsAreNot() async throws {
        try await withGarden { garden in
            for state in Verification.State.allCases { try garden.add(state) }
            try garden.add(nil)
            try garden.add(.rejected, of: garden.world.away)
            let totals = try garden.health.totals()
            #expect(totals.total == 7)
            for state in Verification.State.allCases {
                #expect(totals.byState[state] == (state == .unverified ? 2 : 1), "\(state)")
            }
            #expect(totals.byTrouble[.broken] == 3 && totals.byTrouble[.tooStrong] == 1)
        }
    }

    /// The bounds: what ends at this moment has ended; what ends in exactly 7 days ends within 7.
    @Test(arguments: [
        (-0.1, [0, 0, 0, 0], true), (0, [0, 0, 0, 0], true), (0.5, [1, 1, 1, 1], false), (1, [1, 1, 1, 1], false),
        (6.9, [0, 1, 1, 1], false), (7, [0, 1, 1, 1], false), (13, [0, 0, 1, 1], false), (30, [0, 0, 0, 1], false),
        (30.1, [0, 0, 0, 0], false),
    ])
    func anEndIsCountedInEveryWindowThatItLiesIn(days: Double, windows: [Int], isPast: Bool) async throws {
        for byUser in [false, true] {
            try await withGarden { garden in
                try garden.add(.verified, endsIn: byUser ? nil : days, byUser: byUser ? days : nil)
                let totals = try garden.health.totals()
                #expect(CredentialHealth.expiryDays.map { totals.expiringWithin[$0] } == windows)
                #expect(totals.byTrouble[.expired] == (isPast ? 1 : 0))
                #expect(try garden.health.credentials(with: .expired, limit: 9).count == (isPast ? 1 : 0))
                #expect(try garden.health.credentials(with: .expiring, limit: 9).count == windows[3])
            }
        }
    }

    @Test func whatEndsFirstIsToldFirst() async throws {
        try await withGarden { garden in
            let ids = try [20.0, 3, 9].map { try garden.add(.verified, endsIn: $0) }
            let told = try garden.health.credentials(with: .expiring, limit: 2)
            #expect(told.map(\.id) == [ids[1], ids[2]])
            #expect(try garden.health.totals().byTrouble[.expiring] == 3)
        }
    }

    @Test func unusedIsWhatWasNotUsedForNinetyDaysSinceItWasStored() async throws {
        try await withGarden { garden in
            try garden.add(.verified, usedBefore: 89.9)
            let old = try garden.add(.verified, usedBefore: 90)
            let totals = try garden.health.totals()
            #expect(totals.byTrouble[.unused] == 1)
            #expect(try garden.health.credentials(with: .unused, limit: 9).map(\.id) == [old])
            let neverUsed = try garden.world.storeCredential(of: garden.world.home, in: garden.session)
            let then = CredentialHealthStore(
                garden.session,
                of: garden.world.home.organization.id,
                now: .sample + 90 * Self.day
            )
            #expect(try then.credentials(with: .unused, limit: 9).map(\.id).contains(neverUsed.id))
        }
    }

    @Test func aProjectIsToldWhatItLoses() async throws {
        try await withGarden { garden in
            let broken = try garden.add(.rejected, projects: [0, 1])
            let expired = try garden.add(.verified, endsIn: -1, projects: [1])
            try garden.add(.verified, projects: [0, 1, 2])
            try garden.add(.rejected, projects: [0], of: garden.world.away)
            let projects = garden.world.home.projects
            let affected = try garden.health.affectedProjects(limit: 10)
            #expect(affected.total == 2)
            #expect(affected.items.map(\.project) == [projects[0].id, projects[1].id])
            #expect(affected.items.map { Set($0.credentials) } == [[broken], [broken, expired]])
            #expect(affected.items.map(\.total) == [1, 2])
            let one = try garden.health.affectedProjects(limit: 1)
            #expect(one.items.count == 1 && one.total == 2)
        }
    }

    /// A secret that was rotated since is not judged by its predecessor's probe.
    @Test func theProbeOfAnOlderVersionDoesNotCount() async throws {
        try await withGarden { garden in
            let id = try garden.add(.rejected, endsIn: -5)
            let store = CredentialStore(garden.session)
            let organization = garden.world.home.organization.id
            var next = try #require(try store.find(id, kind: nil, in: organization))
            next.version = 2
            #expect(try store.replaceSecret(of: next, with: garden.world.seal("two", for: next)))
            let totals = try garden.health.totals()
            #expect(totals.byState[.unverified] == 1 && totals.byTrouble[.broken] == 0)
            #expect(totals.byTrouble[.expired] == 0)
        }
    }

    @Test func totalsAreTrueBeyondTheLimit() async throws {
        try await withGarden { garden in
            for _ in 0..<25 { try garden.add(.rejected, projects: [0]) }
            #expect(try garden.health.totals().byTrouble[.broken] == 25)
            #expect(try garden.health.credentials(with: .broken, limit: 10).count == 10)
            let project = try #require(try garden.health.affectedProjects(limit: 1).items.first)
            #expect(project.total == 25 && project.credentials.count == CredentialHealthStore.credentialsOfProject)
        }
    }
}
