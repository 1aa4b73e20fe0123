import Foundation
import Logging
import Registries
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

@testable import Server

/// A verifier over a real database, a registry that follows a script, and a clock that the test moves.
struct VerifierWorld: Sendable {
    let database: SQLiteDatabase
    let sealer: CredentialSealer
    let registry: ScriptedRegistry
    let clock: ManualClock
    let verifier: Verifier
    let organization: OrganizationID

    /// Runs a verifier for the time of `body`.
    static func with(
        registry: ScriptedRegistry = ScriptedRegistry(),
        concurrency: Int = 16,
        interval: Duration? = .seconds(86_400),
        _ body: @Sendable (VerifierWorld) async throws -> Void
    ) async throws {
        try await withStopped(registry: registry, concurrency: concurrency, interval: interval) { world in
            try await world.running { try await body(world) }
        }
    }

    /// Makes a verifier that does not run yet.
    static func withStopped(
        registry: ScriptedRegistry = ScriptedRegistry(),
        concurrency: Int = 16,
        interval: Duration? = .seconds(86_400),
        _ body: @Sendable (VerifierWorld) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
            try await Migrator(database).migrate()
            let keyring = try Keyring([.random()])
            let now = Date(timeIntervalSince1970: 1_800_000_000)
            let organization = Organization(id: OrganizationID(), name: "Home", createdAt: now, updatedAt: now)
            try await database.write { session in
                try OrganizationStore(session).insert(organization)
                try RootKeyStore(session).insert(keyring.active, canary: keyring.canary(), at: now)
            }
            let world = VerifierWorld(
                database: database,
                sealer: CredentialSealer(keyring: keyring),
                registry: registry,
                clock: ManualClock(now),
                concurrency: concurrency,
                interval: interval,
                organization: organization.id
            )
            do {
                try await body(world)
                await database.close()
            } catch {
                await database.close()
                throw error
            }
        }
    }

    private init(
        database: SQLiteDatabase,
        sealer: CredentialSealer,
        registry: ScriptedRegistry,
        clock: ManualClock,
        concurrency: Int,
        interval: Duration?,
        organization: OrganizationID
    ) {
        (self.database, self.sealer, self.registry, self.clock) = (database, sealer, registry, clock)
        self.organization = organization
        var settings = VerificationSettings()
        settings.concurrency = concurrency
        settings.interval = interval
        verifier = VerifierWorld.verifier(database, sealer, registry, clock, settings)
    }

    /// A second verifier over the same database, as another node has it.
    func another(_ registry: ScriptedRegistry) -> Verifier {
        VerifierWorld.verifier(database, sealer, registry, clock, verifier.settings)
    }

    private static func verifier(
        _ database: SQLiteDatabase,
        _ sealer: CredentialSealer,
        _ registry: ScriptedRegistry,
        _ clock: ManualClock,
        _ settings: VerificationSettings
    ) -> Verifier {
        Verifier(
            database: database,
            sealer: sealer,
            registries: RegistryDirectory { _ in registry },
            settings: settings,
            plainHTTPHosts: [],
            clock: clock.forVerifier,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs the verifier for the time of `body`, then cancels it and waits for its end.
    func running(_ body: () async throws -> Void) async throws {
        try await running(verifier, body)
    }

    /// Runs a verifier likewise.
    func running(_ verifier: Verifier, _ body: () async throws -> Void) async throws {
        // Unstructured: it ends when the body does, which the body does not know of; its end is awaited.
        let run = Task { try await verifier.run() }
        do {
            try await body()
        } catch {
            run.cancel()
            _ = await run.result
            throw error
        }
        run.cancel()
        try await run.value
    }

    /// Another organization beside ``organization``.
    func makeOrganization() async throws -> OrganizationID {
        let away = Organization(id: OrganizationID(), name: "Away", createdAt: clock.now, updatedAt: clock.now)
        try await database.write { try OrganizationStore($0).insert(away) }
        return away.id
    }

    /// Stores a credential without waking anybody; of ``organization`` unless another is given.
    @discardableResult
    func store(
        _ secret: String = "s3cret-of-a-robot",
        of owner: OrganizationID? = nil,
        expiresAt: Date? = nil
    ) async throws -> Credential {
        var errors: [FieldError] = []
        let given = ["registryUrl": "https://registry.example.com", "username": "reader", "password": secret]
        let read = RegistryDescription.oci.readInput(plainHTTPHosts: [], errors: &errors) { name in
            given[name].map { .string($0) } ?? .absent
        }
        let input = try #require(read, "\(errors)")
        let (credential, sealed) = try sealer.seal(
            input,
            kind: RegistryDescription.oci.kind,
            name: nil,
            description: nil,
            organization: owner ?? organization,
            expiresAt: expiresAt,
            now: clock.now
        )
        try await database.write { try CredentialStore($0).insert(credential, sealed: sealed) }
        return credential
    }

    /// Rotates a credential without waking anybody.
    @discardableResult
    func rotate(_ credential: Credential, _ secret: String = "another-s3cret") async throws -> Credential {
        let (next, sealed) = try sealer.reseal(credential, secret: SecretBundle([("password", Secret(secret))]))
        #expect(try await database.write { try CredentialStore($0).replaceSecret(of: next, with: sealed) })
        return next
    }

    /// The credential as it reads now.
    func read(_ credential: Credential) async throws -> Credential? {
        try await database.read { try CredentialStore($0).find(credential.id, kind: nil, in: organization) }
    }

    /// What is kept of its probes.
    func kept(_ credential: Credential) async throws -> StoredVerification? {
        try await database.read { try VerificationStore($0).find(credential.id, in: organization) }
    }

    /// Its last probes.
    func history(_ credential: Credential) async throws -> [VerificationEvent] {
        try await database.read { try VerificationStore($0).history(of: credential.id, in: organization) }
    }

    /// Waits until the history of `credential` has `count` entries.
    func probed(_ credential: Credential, _ count: Int = 1) async throws -> Bool {
        try await eventually { try await history(credential).count >= count }
    }
}
