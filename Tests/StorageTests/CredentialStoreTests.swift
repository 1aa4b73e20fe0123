import Foundation
import Registries
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

@Suite struct CredentialStoreTests {
    @Test func credentialAndItsSecretComeBack() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            for kind in [RegistryKind.harbor, .dockerHub, .oci] {
                var credential = world.credential(of: world.home, kind: kind)
                credential.description = "for \(kind)"
                let sealed = try world.seal("secret of \(kind)", for: credential)
                try store.insert(credential, sealed: sealed)
                #expect(try store.find(credential.id, kind: nil, in: credential.organization) == credential)
                #expect(try store.find(credential.id, kind: kind, in: credential.organization) == credential)
                let stored = try #require(try store.sealedSecret(of: credential.id, in: credential.organization))
                #expect(stored == sealed)
                let opened = try world.keyring.open(stored, for: credential.sealingContext)
                #expect(opened["password"] == Secret("secret of \(kind)"))
            }
        }
    }

    /// Every operation names the tenant, so that another one's id finds, changes and deletes nothing.
    @Test func credentialOfAnotherOrganizationOrKindIsNotFound() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            let credential = try world.storeCredential(of: world.home, in: session)
            let away = world.away.organization.id
            #expect(try store.find(credential.id, kind: nil, in: away) == nil)
            #expect(try store.find(credential.id, kind: .oci, in: credential.organization) == nil)
            #expect(try store.sealedSecret(of: credential.id, in: away) == nil)
            #expect(try !store.delete(credential.id, kind: .harbor, in: away))
            #expect(try !store.delete(credential.id, kind: .oci, in: credential.organization))
            #expect(try store.list(in: away, kind: nil, page: .first).total == 0)
            #expect(try store.countByKind(in: away) == [:])
            #expect(try store.findOnly(named: credential.name, kind: .harbor, in: away) == nil)
            var stolen = world.credential(of: world.away)
            stolen = stolen.with(id: credential.id)
            stolen.name = "stolen"
            stolen.version = 2
            try store.update(stolen)
            #expect(try !store.replaceSecret(of: stolen, with: world.seal("x", for: stolen)))
            #expect(try store.find(credential.id, kind: nil, in: credential.organization) == credential)
        }
    }

    @Test func listsAndCountsAreByKindAndOldestFirst() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            let home = world.home.organization.id
            var stored: [Credential] = []
            for kind in [RegistryKind.oci, .harbor, .dockerHub, .harbor, .oci, .harbor] {
                stored.append(try world.storeCredential(of: world.home, kind: kind, in: session))
            }
            try world.storeCredential(of: world.away, in: session)
            let expected = stored.sorted {
                ($0.kind.description, $0.id.description) < ($1.kind.description, $1.id.description)
            }
            #expect(try store.list(in: home, kind: nil, page: .first).items == expected)
            let harbor = try store.list(in: home, kind: .harbor, page: .first)
            #expect(harbor.items == expected.filter { $0.kind == .harbor } && harbor.total == 3)
            #expect(try store.countByKind(in: home) == [.harbor: 3, .oci: 2, .dockerHub: 1])
        }
    }

    @Test func nameFindsACredentialOnlyWhenItIsTheOnlyOne() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            let home = world.home.organization.id
            let one = try world.storeCredential(of: world.home, name: "one", in: session)
            try world.storeCredential(of: world.home, kind: .oci, name: "one", in: session)
            #expect(try store.findOnly(named: "one", kind: .harbor, in: home) == one)
            #expect(try store.findOnly(named: "One", kind: .harbor, in: home) == nil)
            try world.storeCredential(of: world.home, name: "one", in: session)
            #expect(try store.findOnly(named: "one", kind: .harbor, in: home) == nil)
        }
    }

    @Test func updateWritesNameAndDescriptionAndNothingElse() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            var credential = try world.storeCredential(of: world.home, in: session)
            let before = try store.sealedSecret(of: credential.id, in: credential.organization)
            credential.name = "renamed"
            credential.description = "why"
            credential.updatedAt = .sample + 9
            try store.update(credential)
            #expect(try store.find(credential.id, kind: nil, in: credential.organization) == credential)
            #expect(try store.sealedSecret(of: credential.id, in: credential.organization) == before)
        }
    }

    @Test func rotationReplacesTheSecretAndCountsItsVersion() async throws {
        let world = try World()
        let second = try Keyring([.random()])
        try await withTemporarySession { session in
            try world.store(in: session)
            try RootKeyStore(session).insert(second.active, canary: second.canary(), at: .sample)
            let store = CredentialStore(session)
            var credential = try world.storeCredential(of: world.home, in: session)
            credential.version = 2
            credential.rootKey = second.active
            credential.updatedAt = .sample + 9
            let sealed = try second.seal(
                SecretBundle([("password", Secret("new"))]),
                for: credential.sealingContext
            )
            #expect(try store.replaceSecret(of: credential, with: sealed))
            #expect(try store.find(credential.id, kind: nil, in: credential.organization) == credential)
            #expect(try store.sealedSecret(of: credential.id, in: credential.organization) == sealed)
        }
    }

    // Two rotations at once: both saw version 1, the second must not win silently.
    @Test(arguments: [1, 2, 4, 5, 100] as [Int64])
    func rotationWithAStaleVersionChangesNothing(version: Int64) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = CredentialStore(session)
            var credential = try world.storeCredential(of: world.home, in: session)
            credential.version = 2
            #expect(try store.replaceSecret(of: credential, with: world.seal("two", for: credential)))
            let stored = try store.sealedSecret(of: credential.id, in: credential.organization)
            var stale = credential
            stale.version = version
            stale.updatedAt = .sample + 99
            #expect(try !store.replaceSecret(of: stale, with: world.seal("stale", for: stale)))
            #expect(try store.find(credential.id, kind: nil, in: credential.organization) == credential)
            #expect(try store.sealedSecret(of: credential.id, in: credential.organization) == stored)
        }
    }

    @Test func rootKeysTellHowManyCredentialsTheySeal() async throws {
        let world = try World()
        let second = try Keyring([.random()])
        try await withTemporarySession { session in
            try world.store(in: session)
            let store = RootKeyStore(session)
            let first = try store.list()
            #expect(first.map(\.id) == [world.keyring.active] && first.map(\.credentials) == [0])
            try store.insert(second.active, canary: second.canary(), at: .sample + 1)
            // Known already: the canary of the first time stays.
            try store.insert(second.active, canary: second.canary(), at: .sample + 2)
            for _ in 0..<3 { try world.storeCredential(of: world.home, in: session) }
            let both = try store.list()
            #expect(both.map(\.id) == [world.keyring.active, second.active])
            #expect(both.map(\.credentials) == [3, 0])
            try world.keyring.check(canary: both[0].canary)
            try second.check(canary: both[1].canary)
        }
    }

    /// A root key that still seals something cannot be forgotten.
    @Test func rootKeyInUseCannotBeDeleted() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try world.storeCredential(of: world.home, in: session)
            #expect(
                try failure(inSession: { _ = try session.execute("DELETE FROM root_key", []) })
                    == .foreignKeyViolation
            )
        }
    }
}

extension Credential {
    fileprivate func with(id: CredentialID) -> Credential {
        Credential(
            id: id,
            organization: organization,
            kind: kind,
            name: name,
            description: description,
            publicFields: publicFields,
            version: version,
            rootKey: rootKey,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}
