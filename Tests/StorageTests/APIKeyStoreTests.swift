import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

@Suite struct APIKeyStoreTests {
    @Test func keyComesBackWithItsScopeAndHash() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = APIKeyStore(session)
            let user = world.home.user.id
            let projects = Set(world.home.projects.prefix(2).map(\.id))
            let keys = [
                APIKey.sample(of: user),
                APIKey.sample(of: user, organization: world.home.organization.id),
                APIKey.sample(of: user, projects: projects, permissions: [.read, .startScan]),
                APIKey.sample(of: user, projects: [], permissions: []),
                APIKey.sample(of: user, expiresAt: .sample + 3_600),
            ]
            for (index, key) in keys.enumerated() {
                let hash = (0..<32).map { UInt8($0 + index) }
                try store.insert(key, hash: hash)
                let found = try #require(try store.find(key.id))
                #expect(found.key == key)
                #expect(found.hash == hash)
            }
            #expect(try store.find(APIKeyID()) == nil)
            #expect(try store.list(of: user, bound: nil, page: .first).total == 5)
            let bound = try store.list(of: user, bound: world.home.organization.id, page: .first)
            #expect(bound.items == [keys[1]] && bound.total == 1)
            #expect(try store.list(of: world.away.user.id, bound: nil, page: .first).total == 0)
        }
    }

    @Test func keyIsRevokedByItsUserOnly() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = APIKeyStore(session)
            let key = APIKey.sample(of: world.home.user.id)
            try store.insert(key, hash: [1])
            #expect(try !store.delete(key.id, of: world.away.user.id))
            #expect(try store.find(key.id) != nil)
            #expect(try store.delete(key.id, of: world.home.user.id))
            #expect(try !store.delete(key.id, of: world.home.user.id))
            #expect(try store.find(key.id) == nil)
        }
    }

    @Test func useOfAKeyIsNoted() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let key = APIKey.sample(of: world.home.user.id)
            try APIKeyStore(session).insert(key, hash: [1])
            try APIKeyStore(session).touch(key.id, at: .sample + 5)
            #expect(try APIKeyStore(session).find(key.id)?.key.lastUsedAt == .sample + 5)
        }
    }

    /// A key that was narrowed to a project stays narrowed when the project goes: it must never become a key for everything.
    @Test func keyOfADeletedProjectMayDoNothing() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let key = APIKey.sample(of: world.home.user.id, projects: [world.home.projects[0].id])
            try APIKeyStore(session).insert(key, hash: [1])
            try ProjectStore(session).delete(world.home.projects[0].id)
            #expect(try APIKeyStore(session).find(key.id)?.key.scope.projects == [])
        }
    }
}

extension APIKey {
    static func sample(
        of user: UserID,
        organization: OrganizationID? = nil,
        projects: Set<ProjectID>? = nil,
        permissions: PermissionSet = .all,
        expiresAt: Date? = nil
    ) -> APIKey {
        APIKey(
            id: APIKeyID(),
            user: user,
            name: "ci",
            scope: APIKey.Scope(permissions: permissions, projects: projects, organization: organization),
            createdAt: .sample,
            expiresAt: expiresAt,
            lastUsedAt: nil
        )
    }
}
