import Foundation
import Registries
import Sealing
import Storage
import Tenancy

/// Makes credentials: seals what a user gave, and binds it to its place.
struct CredentialSealer: Sendable {
    let keyring: Keyring

    /// A new credential of version 1 with its sealed secret.
    func seal(
        _ input: CredentialInput,
        kind: RegistryKind,
        name: String?,
        description: String?,
        organization: OrganizationID,
        expiresAt: Date? = nil,
        now: Date = Date()
    ) throws -> (credential: Credential, sealed: SealedSecret) {
        let credential = Credential(
            id: CredentialID(),
            organization: organization,
            kind: kind,
            name: name ?? input.publicFields[kind.registry.nameField] ?? kind.registry.title,
            description: description,
            publicFields: input.publicFields,
            version: 1,
            rootKey: keyring.active,
            createdAt: now,
            updatedAt: now,
            expiresAt: expiresAt
        )
        return (credential, try keyring.seal(input.secret, for: credential.sealingContext))
    }

    /// The credential with the next version of its secret, of which nothing is known yet but the end that the user gives.
    func reseal(
        _ credential: Credential,
        secret: SecretBundle,
        expiresAt: Date? = nil,
        now: Date = Date()
    ) throws -> (credential: Credential, sealed: SealedSecret) {
        var next = credential
        next.version += 1
        next.rootKey = keyring.active
        next.updatedAt = now
        next.expiresAt = expiresAt
        next.verification = VerificationSummary(
            expiry: Verification.Expiry(at: nil, source: .unknown).orElse(expiresAt)
        )
        return (next, try keyring.seal(secret, for: next.sealingContext))
    }

    /// Throws when the keyring lacks the key of `credential`: such a row is kept as it is until its key is back.
    func requireReadable(_ credential: Credential) throws {
        guard keyring.contains(credential.rootKey) else {
            throw SealingError(.unknownKey, "the keyring lacks root key \(credential.rootKey)")
        }
    }
}
