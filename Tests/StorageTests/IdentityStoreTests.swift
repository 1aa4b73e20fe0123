import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Organizations, users and their memberships.
@Suite struct IdentityStoreTests {
    @Test func organizationComesBackRenamedAndGoes() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = OrganizationStore(session)
            let id = world.home.organization.id
            #expect(try store.find(id) == world.home.organization)
            #expect(try store.find(OrganizationID()) == nil)
            try store.rename(id, to: "名前 'x'", at: .sample + 60)
            let renamed = try #require(try store.find(id))
            #expect(renamed.name == "名前 'x'" && renamed.updatedAt == .sample + 60 && renamed.createdAt == .sample)
            #expect(try store.find(world.away.organization.id) == world.away.organization)
            try store.delete(id)
            #expect(try store.find(id) == nil)
            #expect(try store.find(world.away.organization.id) != nil)
        }
    }

    @Test func organizationsOfAUserAreThoseThatItIsAMemberOf() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let (home, away) = (world.home.organization, world.away.organization)
            try MemberStore(session).insert(world.home.user.id, in: away.id, role: .member, at: .sample)
            let store = OrganizationStore(session)
            let both = try store.list(of: world.home.user.id, bound: nil, page: .first)
            #expect(
                both.items.map(\.organization) == [home, away].sorted { $0.id.description < $1.id.description }
            )
            #expect(Set(both.items.map(\.role)) == [.administrator, .member])
            #expect(both.total == 2)
            let bound = try store.list(of: world.home.user.id, bound: away.id, page: .first)
            #expect(bound.items.map(\.organization) == [away] && bound.total == 1)
            #expect(try store.list(of: world.away.user.id, bound: home.id, page: .first).total == 0)
            #expect(try store.list(of: UserID(), bound: nil, page: .first).items.isEmpty)
        }
    }

    @Test func userComesBackAndIsChanged() async throws {
        try await withTemporarySession { session in
            let store = UserStore(session)
            #expect(try store.isEmpty())
            var user = User.sample("Ada")
            try store.insert(user)
            #expect(try !store.isEmpty())
            #expect(try store.find(user.id) == user)
            user.name = "Ada Lovelace"
            user.email = "ada@example.com"
            try store.update(user)
            #expect(try store.find(user.id) == user)
            user.email = nil
            try store.update(user)
            #expect(try store.find(user.id) == user)
            #expect(try store.find(UserID()) == nil)
        }
    }

    @Test func membersHaveOneRoleEach() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = MemberStore(session)
            let home = world.home.organization.id
            let user = User.sample("Second")
            try UserStore(session).insert(user)
            #expect(try store.find(user.id, in: home) == nil)
            #expect(try !store.setRole(.manager, of: user.id, in: home))
            try store.insert(user.id, in: home, role: .member, at: .sample)
            #expect(try store.find(user.id, in: home) == Member(user: user, role: .member, createdAt: .sample))
            #expect(
                try failure(inSession: { try store.insert(user.id, in: home, role: .manager, at: .sample) })
                    == .uniqueViolation
            )
            #expect(try store.otherAdministrators(than: world.home.user.id, in: home) == 0)
            #expect(try store.setRole(.administrator, of: user.id, in: home))
            #expect(try store.otherAdministrators(than: world.home.user.id, in: home) == 1)
            #expect(try store.list(in: home, page: .first).items.map(\.user.id).count == 2)
            #expect(
                try store.list(in: world.away.organization.id, page: .first).items.map(\.user) == [world.away.user]
            )
            #expect(try store.shareOrganization(user.id, world.home.user.id))
            #expect(try !store.shareOrganization(user.id, world.away.user.id))
            #expect(try store.delete(user.id, from: home))
            #expect(try !store.delete(user.id, from: home))
            #expect(try UserStore(session).find(user.id) == user)
        }
    }

    @Test func endOfAMembershipEndsItsRolesAndBoundKeys() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let (home, away) = (world.home.organization.id, world.away.organization.id)
            let user = world.home.user.id
            let project = world.home.projects[0]
            try MemberStore(session).insert(user, in: away, role: .member, at: .sample)
            try ProjectMemberStore(session).insert(user, in: project, role: .developer, at: .sample)
            try ProjectMemberStore(session).insert(user, in: world.away.projects[0], role: .analyst, at: .sample)
            let keys = [home, away, nil].map { APIKey.sample(of: user, organization: $0) }
            for key in keys { try APIKeyStore(session).insert(key, hash: [1]) }
            #expect(try MemberStore(session).delete(user, from: home))
            #expect(try ProjectMemberStore(session).find(user, in: project.id) == nil)
            #expect(try ProjectMemberStore(session).find(user, in: world.away.projects[0].id) != nil)
            #expect(try keys.map { try APIKeyStore(session).find($0.id) != nil } == [false, true, true])
        }
    }

    @Test func accessTellsBothRolesAndNothingOfStrangers() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = AccessStore(session)
            let (user, stranger) = (world.home.user.id, world.away.user.id)
            let (organization, project) = (world.home.organization.id, world.home.projects[0])
            #expect(try store.role(of: user, in: organization) == .administrator)
            #expect(try store.role(of: stranger, in: organization) == nil)
            #expect(try store.role(of: user, in: OrganizationID()) == nil)
            let before = try #require(try store.project(project.id, for: user))
            #expect(
                before.organization == organization && before.role == .administrator && before.projectRole == nil
            )
            try ProjectMemberStore(session).insert(user, in: project, role: .readOnly, at: .sample)
            #expect(try store.project(project.id, for: user)?.projectRole == .readOnly)
            let strange = try #require(try store.project(project.id, for: stranger))
            #expect(strange.role == nil && strange.projectRole == nil)
            #expect(try store.project(ProjectID(), for: user) == nil)
        }
    }
}
