import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Sealing
import Storage
import Tenancy

extension Operation.Parameter {
    /// Probe first, then store.
    static let verify = Operation.Parameter(
        name: "verify",
        description: """
            `wait`: probe the secret first, for at most ten seconds. A refused secret is not stored: 400 with \
            `registry-auth-failed`
            """,
        schema: Schema.choice(["wait"], "How to verify")
    )
}

extension Operation {
    /// The headers of an answer to `?verify=wait`.
    static let verificationHeader = [
        "X-Pratique-Verification": "With verify=wait, what the probe came to; pending when ten seconds were not enough"
    ]
}

extension Call {
    /// Whether the request asks to probe before anything is stored. Throws 400 for another word than `wait`.
    func waitsForVerification() throws(APIError) -> Bool {
        guard let word = request.uri.queryParameters["verify"] else { return false }
        guard word == "wait" else { throw .invalid("verify", "must be one of: wait") }
        return true
    }

    /// Probes a secret before it is stored, if the request asks for it. Throws 400 when the registry refuses the secret, or when
    /// it holds more rights than policy allows; nil when nothing was probed, or ten seconds were not enough.
    func verifyBeforeStoring(
        _ credential: Credential,
        _ secret: SecretBundle,
        pinnedRealm: String? = nil,
        as principal: Principal
    ) async throws -> VerificationRecord? {
        guard try waitsForVerification(), try await !isRepeated(by: principal) else { return nil }
        let opened = OpenedCredential(
            id: credential.id.uuid,
            version: credential.version,
            kind: credential.kind,
            publicFields: credential.publicFields,
            secret: secret,
            pinnedRealm: pinnedRealm
        )
        guard let outcome = try await service.verifier.verifyBeforeStoring(opened, credential) else { return nil }
        let field = credential.kind.registry.secretFields.first?.name ?? "secret"
        if outcome.state == .rejected { throw APIError.rejected(field, outcome) }
        if outcome.state == .excessive, service.verifier.settings.excessPrivilege == .refuse {
            throw APIError.tooStrong(field, outcome)
        }
        return service.verifier.record(of: outcome, credential, reason: .change, pinnedRealm: pinnedRealm)
    }

    /// What follows a store or a rotation: the answer tells what the probe came to, or one is made now.
    func afterStoring(
        _ id: CredentialID,
        of organization: OrganizationID,
        _ record: VerificationRecord?,
        _ response: inout Response
    ) throws(APIError) {
        guard response.headers[.idempotencyReplayed] == nil else { return }
        if try waitsForVerification() {
            response.headers[.xPratiqueVerification] = record?.outcome.state.rawValue ?? "pending"
        }
        if record == nil { service.verifier.wake(id, of: organization) }
    }

    /// Whether the answer to this request is kept already: nothing is probed for it then.
    private func isRepeated(by principal: Principal) async throws -> Bool {
        guard let key = request.headers[.idempotencyKey] else { return false }
        return try await service.database.read { session in
            try IdempotencyStore(session).find(key, of: principal.user, now: Date()) != nil
        }
    }

    /// Notes that a credential is used for somebody. Throws when policy forbids that because it holds too many rights.
    func use(_ credential: Credential) throws(RegistryError) {
        service.credentialUses.note(credential.id, lastUsedAt: credential.lastUsedAt)
        guard credential.verification.state == .excessive, service.verifier.settings.excessPrivilege == .refuse else {
            return
        }
        throw RegistryError.refusedForRights
    }
}

extension RegistryError {
    /// Policy forbids the use of a credential.
    static let refusedForRights = RegistryError(
        .excessiveRights,
        "the credential holds more rights than are needed, and this server does not use such a one",
        hint:
            "Its verification lists what is too much; docs/registries/ tells how to make one that may only list and pull"
    )
}

extension APIError {
    /// The registry does not take the secret that was to be stored.
    fileprivate static func rejected(_ field: String, _ outcome: Verification) -> APIError {
        APIError(
            status: .badRequest,
            code: .registryAuthFailed,
            message: "\(field) was refused by the registry; nothing was stored",
            errors: [FieldError(field, "was refused by the registry")],
            hint: outcome.advice ?? "It may be mistyped, revoked, disabled or expired, or the username may be wrong"
        )
    }

    /// The secret that was to be stored is too strong.
    fileprivate static func tooStrong(_ field: String, _ outcome: Verification) -> APIError {
        let excess = outcome.rights.excess.prefix(10).joined(separator: ", ")
        return APIError(
            status: .badRequest,
            code: .excessiveRights,
            message: "\(field) holds more rights than are needed; nothing was stored",
            errors: [FieldError(field, "holds rights that are not needed: \(excess)")],
            hint: "docs/registries/ tells how to make an account that may only list and pull"
        )
    }

    static let unreadable = APIError(SealingError(.unknownKey, "the keyring lacks the root key of this credential"))
}

extension RequestFields {
    /// When a secret ends, as the user says; a moment that is past is refused.
    mutating func expiry(now: Date = Date()) -> Date? {
        let expiresAt = optionalTime("expiresAt")
        if let expiresAt, expiresAt <= now {
            complain("expiresAt", "must lie in the future; a secret that has ended is of no use")
        }
        return expiresAt
    }
}

extension HTTPField.Name {
    // A valid token; one that were not would be told by the first test that runs.
    static let xPratiqueVerification = HTTPField.Name("X-Pratique-Verification") ?? .cacheControl
}
