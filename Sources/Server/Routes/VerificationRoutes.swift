import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// Proving the credentials of one registry kind, and what that came to; written once, added for every kind.
struct VerificationRoutes {
    let registry: RegistryDescription

    private var kind: RegistryKind { registry.kind }
    private var item: String {
        "/integrations/\(kind)/container-registry/organization/{organizationId}/credentials/{credentialId}"
    }

    func add(to api: inout APIRoutes) {
        addVerify(to: &api)
        addRead(to: &api)
    }

    private func addVerify(to api: inout APIRoutes) {
        let kind = kind
        api.add(
            Operation(
                method: .post,
                path: "\(item)/verify",
                id: "\(kind)_verifyCredential",
                tag: registry.title,
                summary: "Prove a \(registry.title) credential against its registry",
                description: """
                    Answers when the probe is done, or after ten seconds with 202 and the state `pending`; the probe goes on \
                    then, and `…/verification` tells its end. A secret that was refused less than 30 seconds ago is not tried \
                    again: the answer is what is known, and `X-Pratique-Note` says so. The body may be left out. \
                    `approveRealm` pins another token service in place of the pinned one, if the secret is proven there.
                    """,
                body: Operation.Body(
                    schema: Schema.object(
                        [
                            (
                                "approveRealm",
                                Schema.string(
                                    "Token service (scheme://host) that the secret may be sent to from now on",
                                    example: "https://auth.example.com",
                                    maximum: RegistryURL.lengthLimit
                                ).adding(["nullable": true])
                            )
                        ],
                        optional: ["approveRealm"]
                    ),
                    isRequired: false
                ),
                success: Operation.Success(
                    status: .ok,
                    description: "What the probe came to",
                    schema: VerificationReport.schema,
                    headers: ["X-Pratique-Note": "Why no new probe was made"]
                ),
                other: Operation.Success(
                    status: .accepted,
                    description: "The probe goes on",
                    schema: VerificationReport.schema
                )
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            let credential = try await call.read(.organization(organization, .manageIntegration)) { session, _ in
                try call.changeableCredential(id, kind: kind, in: organization, session)
            }
            let realm = try await call.approvedRealm()
            call.service.credentialUses.note(credential.id, lastUsedAt: credential.lastUsedAt)
            if realm == nil, credential.verification.isFreshRefusal(at: call.service.verifier.clock.now()) {
                var response = try await call.verificationResponse(credential)
                response.headers[.xPratiqueNote] = "refused a moment ago; not tried again within 30 seconds"
                return response
            }
            let outcome = try await call.service.verifier.verify(credential, approvedRealm: realm)
            switch outcome {
            case .recorded, .superseded: return try await call.verificationResponse(credential)
            case .gone: throw APIError.credentialNotFound
            case .unreadable: throw APIError.unreadable
            case .elsewhere, .abandoned, nil: return try await call.verificationResponse(credential, isPending: true)
            }
        }
    }

    private func addRead(to api: inout APIRoutes) {
        let kind = kind
        api.add(
            Operation(
                method: .get,
                path: "\(item)/verification",
                id: "\(kind)_getCredentialVerification",
                tag: registry.title,
                summary: "What probing a \(registry.title) credential came to, step by step, and the last 30 probes",
                success: Operation.Success(
                    status: .ok,
                    description: "The verification",
                    schema: VerificationReport.schema
                )
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            return .json(
                try await call.read(.organization(organization, .read)) { session, _ in
                    let credential = try call.credential(id, kind: kind, in: organization, session)
                    return try VerificationReport(of: credential, session).body()
                }
            )
        }
    }
}

extension Call {
    /// The token service that the body approves. A body may be left out.
    fileprivate func approvedRealm() async throws -> String? {
        guard hasBody else { return nil }
        var fields = try await fields()
        let text = fields.optionalText("approveRealm", limit: RegistryURL.lengthLimit)
        if let text, !isOrigin(text) {
            fields.complain("approveRealm", "must be https:// and a host, as pinnedRealm and realm are told")
        }
        try fields.finish()
        return text
    }

    private func isOrigin(_ text: String) -> Bool {
        // A text that is no address is answered with false, whatever the reason.
        (try? RegistryURL(text, plainHTTPHosts: service.plainHTTPHosts))?.description == text
    }

    private var hasBody: Bool {
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        return length > 0 || request.headers[.contentType] != nil || request.headers[.transferEncoding] != nil
    }

    /// The verification as it is stored now; access was checked before.
    fileprivate func verificationResponse(_ credential: Credential, isPending: Bool = false) async throws -> Response {
        let body = try await service.database.read { session in
            let store = CredentialStore(session)
            guard let current = try store.find(credential.id, kind: credential.kind, in: credential.organization) else {
                throw APIError.credentialNotFound
            }
            return try VerificationReport(of: current, session).body(isPending: isPending)
        }
        return .json(body, status: isPending ? .accepted : .ok)
    }
}

extension VerificationSummary {
    /// Whether the registry refused the secret so short a time ago that another try helps nobody and may lock the account.
    fileprivate func isFreshRefusal(at now: Date) -> Bool {
        guard state == .rejected, let checkedAt else { return false }
        return now.timeIntervalSince(checkedAt) < ProbeLimits.refusalRest
    }
}
