import Foundation
import Registries
import Sealing
import Storage
import Tenancy

/// Two organizations with members, projects, keys and credentials, to be stored and looked at.
struct World: Sendable {
    let home: Tenant
    let away: Tenant
    let keyring: Keyring

    init() throws {
        keyring = try Keyring([.random()])
        home = Tenant(name: "Home")
        away = Tenant(name: "Away")
    }

    /// One organization and what it owns.
    struct Tenant: Sendable {
        let organization: Organization
        let user: User
        let projects: [Project]

        init(name: String) {
            let id = OrganizationID()
            organization = Organization(id: id, name: name, createdAt: .sample, updatedAt: .sample)
            user = User(
                id: UserID(),
                name: "User of \(name)",
                email: "user@\(name.lowercased()).example",
                createdAt: .sample
            )
            projects = (1...3).map { Project.sample(in: id, name: "Project \($0)") }
        }
    }

    /// Stores everything but credentials.
    func store(in session: any SQLSession) throws {
        for tenant in [home, away] {
            try OrganizationStore(session).insert(tenant.organization)
            try UserStore(session).insert(tenant.user)
            try MemberStore(session).insert(
                tenant.user.id,
                in: tenant.organization.id,
                role: .administrator,
                at: .sample
            )
            for project in tenant.projects { try ProjectStore(session).insert(project) }
        }
        try RootKeyStore(session).insert(keyring.active, canary: keyring.canary(), at: .sample)
    }

    /// A credential of `tenant`, not yet stored.
    func credential(
        of tenant: Tenant,
        kind: RegistryKind = RegistryDescription.harbor.kind,
        name: String = "robot$p+x"
    ) -> Credential {
        Credential(
            id: CredentialID(),
            organization: tenant.organization.id,
            kind: kind,
            name: name,
            description: nil,
            publicFields: ["harborUrl": "https://h", "harborProject": "p=q", "username": "robot$p+x"],
            version: 1,
            rootKey: keyring.active,
            createdAt: .sample,
            updatedAt: .sample
        )
    }

    func seal(_ secret: String, for credential: Credential) throws -> SealedSecret {
        try keyring.seal(SecretBundle([("password", Secret(secret))]), for: credential.sealingContext)
    }

    /// Stores and returns a new credential of `tenant`.
    @discardableResult
    func storeCredential(
        of tenant: Tenant,
        kind: RegistryKind = RegistryDescription.harbor.kind,
        name: String = "robot$p+x",
        in session: any SQLSession
    ) throws -> Credential {
        let credential = credential(of: tenant, kind: kind, name: name)
        try CredentialStore(session).insert(credential, sealed: seal("s", for: credential))
        return credential
    }
}

extension Date {
    /// A moment in whole milliseconds, which is what the database keeps.
    static let sample = Date(timeIntervalSince1970: 1_700_000_000.125)
}

extension Project {
    static func sample(in organization: OrganizationID, name: String) -> Project {
        Project(
            id: ProjectID(),
            organization: organization,
            name: name,
            description: "What \(name) is for",
            createdAt: .sample,
            updatedAt: .sample
        )
    }
}

extension User {
    static func sample(_ name: String) -> User {
        User(id: UserID(), name: name, email: nil, createdAt: .sample)
    }
}

extension Page {
    static let first = Page(number: 1, size: 100)
}

extension RegistryKind {
    static let harbor = RegistryDescription.harbor.kind
    static let dockerHub = RegistryDescription.dockerHub.kind
    static let oci = RegistryDescription.oci.kind
}

/// The code of the ``StorageError`` that `body` throws; nil when it succeeds. Any other error is the test's failure.
func failure(
    isolation: isolated (any Actor)? = #isolation,
    of body: () async throws -> Void
) async throws -> StorageError.Code? {
    do {
        try await body()
        return nil
    } catch let error as StorageError {
        return error.code
    }
}

/// The code of the ``StorageError`` that `body` throws inside a transaction, and which is not let out of it.
func failure(inSession body: () throws -> Void) throws -> StorageError.Code? {
    do {
        try body()
        return nil
    } catch let error as StorageError {
        return error.code
    }
}
