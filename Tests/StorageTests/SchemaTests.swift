import Foundation
import Registries
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

/// The schema is trusted more than the code: what must not be in the database is refused by the database. Source: house.md,
/// section 3.
@Suite struct SchemaTests {
    @Test func linkAcrossOrganizationsIsRefused() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let credential = try world.storeCredential(of: world.home, in: session)
            let foreign = world.away.projects[0].id
            let links = CredentialLinkStore(session)
            #expect(
                try failure(inSession: { try links.insert(credential, project: foreign, at: .sample) })
                    == .foreignKeyViolation
            )
            #expect(
                try failure(inSession: { try links.replace(credential, projects: [foreign], at: .sample) })
                    == .foreignKeyViolation
            )
            #expect(
                try failure(inSession: { try links.insert(credential, project: ProjectID(), at: .sample) })
                    == .foreignKeyViolation
            )
        }
    }

    /// Neither side's organization may be claimed: both are in foreign keys of their own.
    @Test(arguments: [false, true])
    func linkCannotClaimAnotherOrganization(claimsTheProjects: Bool) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let credential = try world.storeCredential(of: world.home, in: session)
            let claimed = claimsTheProjects ? world.away.organization.id : world.home.organization.id
            let insert =
                """
                INSERT INTO credential_project (project_id, kind, credential_id, organization_id, created_at)
                VALUES ($1, $2, $3, $4, $5)
                """
            let values: [SQLValue] = [
                .uuid(world.away.projects[0].id.uuid), .text("harbor"), .uuid(credential.id.uuid),
                .uuid(claimed.uuid),
                .integer(1),
            ]
            #expect(try failure(inSession: { try session.execute(insert, values) }) == .foreignKeyViolation)
        }
    }

    @Test func linkWithAnotherKindIsRefused() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let credential = try world.storeCredential(of: world.home, kind: .oci, in: session)
            let other = world.credential(of: world.home, kind: .harbor)
            let insert =
                """
                INSERT INTO credential_project (project_id, kind, credential_id, organization_id, created_at)
                VALUES ($1, $2, $3, $4, $5)
                """
            let values: [SQLValue] = [
                .uuid(world.home.projects[0].id.uuid), .text(other.kind.description), .uuid(credential.id.uuid),
                .uuid(world.home.organization.id.uuid), .integer(1),
            ]
            #expect(try failure(inSession: { try session.execute(insert, values) }) == .foreignKeyViolation)
        }
    }

    @Test func projectMemberMustBeAMemberOfTheOrganization() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let stranger = world.away.user.id
            let store = ProjectMemberStore(session)
            #expect(
                try failure(inSession: {
                    try store.insert(stranger, in: world.home.projects[0], role: .manager, at: .sample)
                }) == .foreignKeyViolation
            )
            // Nor with the stranger's own organization in the row.
            let claimed = Project(
                id: world.home.projects[0].id,
                organization: world.away.organization.id,
                name: "",
                description: nil,
                createdAt: .sample,
                updatedAt: .sample
            )
            #expect(
                try failure(inSession: { try store.insert(stranger, in: claimed, role: .manager, at: .sample) })
                    == .foreignKeyViolation
            )
        }
    }

    @Test func rowsOfNothingAreRefused() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let nobody = UserID()
            let nowhere = OrganizationID()
            let project = Project.sample(in: nowhere, name: "x")
            let orphan = world.credential(of: World.Tenant(name: "Nowhere"))
            let otherKey = try Keyring([.random()])
            let unsealed = world.credential(of: world.home)
            let attempts: [(String, () throws -> Void)] = [
                (
                    "a member that is no user",
                    {
                        try MemberStore(session).insert(
                            nobody,
                            in: world.home.organization.id,
                            role: .member,
                            at: .sample
                        )
                    }
                ),
                (
                    "a member of no organization",
                    { try MemberStore(session).insert(world.home.user.id, in: nowhere, role: .member, at: .sample) }
                ),
                ("a project of no organization", { try ProjectStore(session).insert(project) }),
                ("a key of no user", { try APIKeyStore(session).insert(.sample(of: nobody), hash: [1]) }),
                (
                    "a key for no organization",
                    {
                        try APIKeyStore(session).insert(
                            .sample(of: world.home.user.id, organization: nowhere),
                            hash: [1]
                        )
                    }
                ),
                (
                    "a key for no project",
                    {
                        try APIKeyStore(session).insert(
                            .sample(of: world.home.user.id, projects: [ProjectID()]),
                            hash: [1]
                        )
                    }
                ),
                (
                    "a credential of no organization",
                    { try CredentialStore(session).insert(orphan, sealed: world.seal("x", for: orphan)) }
                ),
                (
                    "a credential under an unknown root key",
                    {
                        try CredentialStore(session).insert(
                            unsealed,
                            sealed: otherKey.seal(SecretBundle([]), for: unsealed.sealingContext)
                        )
                    }
                ),
                (
                    "an answer to no user",
                    {
                        try IdempotencyStore(session).insert(
                            .init(requestMAC: [], status: 201, location: nil, body: nil),
                            key: "k",
                            of: nobody,
                            now: .sample
                        )
                    }
                ),
            ]
            for (name, attempt) in attempts {
                #expect(try failure(inSession: attempt) == .foreignKeyViolation, "\(name)")
            }
        }
    }

    // What the words and numbers of the schema rule out.
    @Test(arguments: [
        "UPDATE member SET role = 'owner'",
        "UPDATE member SET role = NULL",
        "UPDATE project_member SET role = 'member'",
        "UPDATE api_key SET narrowed_to_projects = 2",
        "UPDATE credential SET version = 0",
        "UPDATE credential SET sealed = NULL",
        "UPDATE credential SET name = NULL",
        "UPDATE organization SET name = NULL",
    ])
    func valueOutsideOfTheSchemaIsRefused(statement: String) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try world.storeCredential(of: world.home, in: session)
            try ProjectMemberStore(session).insert(
                world.home.user.id,
                in: world.home.projects[0],
                role: .analyst,
                at: .sample
            )
            try APIKeyStore(session).insert(.sample(of: world.home.user.id), hash: [1])
            #expect(throws: StorageError.self) { try session.execute(statement, []) }
        }
    }
}
