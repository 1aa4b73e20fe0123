import Registries
import Storage
import Tenancy
import TestSupport
import Testing

/// What goes with what.
@Suite struct CascadeTests {
    private static let tables = [
        "organization", "user_account", "member", "project", "project_member", "api_key", "api_key_project",
        "credential",
        "credential_project", "credential_verification", "credential_verification_event", "idempotency",
    ]

    /// Both organizations with everything that they can own.
    private func fill(_ world: World, _ session: any SQLSession) throws {
        try world.store(in: session)
        for tenant in [world.home, world.away] {
            let (user, organization) = (tenant.user.id, tenant.organization.id)
            for project in tenant.projects {
                try ProjectMemberStore(session).insert(user, in: project, role: .developer, at: .sample)
            }
            for kind in [RegistryKind.harbor, .oci] {
                let credential = try world.storeCredential(of: tenant, kind: kind, in: session)
                try CredentialLinkStore(session).replace(credential, projects: tenant.projects.map(\.id), at: .sample)
                try VerificationStore(session).recordChange(.sample(credential, .sample(.verified)))
            }
            let keys = [
                APIKey.sample(of: user), .sample(of: user, organization: organization),
                .sample(of: user, projects: Set(tenant.projects.map(\.id))),
            ]
            for key in keys { try APIKeyStore(session).insert(key, hash: [1]) }
            try IdempotencyStore(session).insert(
                .init(requestMAC: [1], status: 201, location: nil, body: nil),
                key: "k",
                of: user,
                now: .sample
            )
        }
    }

    private func counts(_ session: any SQLSession) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in CascadeTests.tables { counts[table] = try session.count("SELECT COUNT(*) FROM \(table)", []) }
        return counts
    }

    @Test func organizationGoesWithAllThatItOwnsAndNothingElse() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try fill(world, session)
            let before = try counts(session)
            try OrganizationStore(session).delete(world.home.organization.id)
            var expected = before.mapValues { $0 / 2 }
            // Users stay with their unbound keys and their answers.
            expected["user_account"] = 2
            expected["idempotency"] = 2
            expected["api_key"] = 5
            #expect(try counts(session) == expected)
        }
    }

    @Test func projectGoesWithItsMembersAndLinksAndCredentialsStay() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try fill(world, session)
            var expected = try counts(session)
            try ProjectStore(session).delete(world.home.projects[0].id)
            for (table, rows) in [
                ("project", 1), ("project_member", 1), ("credential_project", 2), ("api_key_project", 1),
            ] {
                expected[table, default: 0] -= rows
            }
            #expect(try counts(session) == expected)
        }
    }

    @Test func credentialGoesWithItsLinks() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try fill(world, session)
            var expected = try counts(session)
            let store = CredentialStore(session)
            let list = try store.list(in: world.home.organization.id, kind: .harbor, page: .first)
            let credential = try #require(list.items.first)
            #expect(try store.delete(credential.id, kind: .harbor, in: credential.organization))
            #expect(try !store.delete(credential.id, kind: .harbor, in: credential.organization))
            expected["credential", default: 0] -= 1
            expected["credential_project", default: 0] -= 3
            expected["credential_verification", default: 0] -= 1
            expected["credential_verification_event", default: 0] -= 1
            #expect(try counts(session) == expected)
        }
    }

    @Test func keyGoesWithItsProjects() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try fill(world, session)
            let keys = try APIKeyStore(session).list(of: world.home.user.id, bound: nil, page: .first).items
            for key in keys { #expect(try APIKeyStore(session).delete(key.id, of: world.home.user.id)) }
            let counts = try counts(session)
            #expect(counts["api_key"] == 3 && counts["api_key_project"] == 3)
        }
    }
}
