import HTTPTypes
import Registries

/// What a client is told of a trouble with a registry. The status is about our answer: a registry's 401 is no 401 of ours, since
/// the caller's key is right; it is 502, because the registry did not take what we brought.
struct RegistryTrouble: Sendable {
    let status: HTTPResponse.Status
    let code: APIError.Code
    /// What helps, where the error itself does not know better.
    let hint: String?

    private init(_ status: HTTPResponse.Status, _ code: APIError.Code, hint: String? = nil) {
        self.status = status
        self.code = code
        self.hint = hint
    }

    /// The one table; a test holds it against every code of `RegistryError`.
    static let byCode: [RegistryError.Code: RegistryTrouble] = [
        .authenticationFailed: RegistryTrouble(
            .badGateway,
            .registryAuthFailed,
            hint:
                "The secret may be wrong, revoked, disabled or expired: make a new one and give it to credential rotate"
        ),
        .credentialExpired: RegistryTrouble(
            .badGateway,
            .credentialExpired,
            hint: "Make a new secret at the registry and give it to credential rotate"
        ),
        .insufficientScope: RegistryTrouble(
            .badGateway,
            .insufficientScope,
            hint: "Give the account the missing right at the registry; docs/registries/ lists what is needed"
        ),
        .excessiveRights: RegistryTrouble(
            .conflict,
            .excessiveRights,
            hint: "Use an account that may only list and pull; docs/registries/ tells how to make one"
        ),
        .unreachable: RegistryTrouble(
            .badGateway,
            .registryUnreachable,
            hint: "Check the address, and that this server may connect to it"
        ),
        .timeout: RegistryTrouble(.gatewayTimeout, .registryTimeout, hint: "Try again later"),
        .tlsUntrusted: RegistryTrouble(
            .badGateway,
            .tlsUntrusted,
            hint: "A registry with a CA of its own needs that CA's certificate in caCertificatePem"
        ),
        .addressForbidden: RegistryTrouble(
            .badGateway,
            .addressForbidden,
            hint: "Whoever runs this server decides which addresses it may reach: docs/configuration.md"
        ),
        .realmChanged: RegistryTrouble(
            .badGateway,
            .realmChanged,
            hint: "If the registry really moved its token service, verify the credential again and approve it"
        ),
        .rateLimited: RegistryTrouble(.tooManyRequests, .rateLimited, hint: "The registry asks to wait"),
        .policyBlocked: RegistryTrouble(
            .preconditionFailed,
            .policyBlocked,
            hint: "The registry's own policy blocks this image; its project settings there say which"
        ),
        .projectNotFound: RegistryTrouble(.notFound, .registryProjectNotFound),
        .repositoryNotFound: RegistryTrouble(.notFound, .repositoryNotFound),
        .tagNotFound: RegistryTrouble(.notFound, .tagNotFound),
        .platformNotFound: RegistryTrouble(.notFound, .platformNotFound),
        .notAnImage: RegistryTrouble(.conflict, .notAnImage),
        .digestMismatch: RegistryTrouble(
            .badGateway,
            .digestMismatch,
            hint: "The content was changed on its way, or is damaged in the registry; nothing of it was used"
        ),
        .upstreamMisbehaved: RegistryTrouble(
            .badGateway,
            .registryMisbehaved,
            hint: "Check that the address is that of a registry, and of nothing in front of it"
        ),
        .upstreamFailed: RegistryTrouble(.badGateway, .registryFailed, hint: "Try again later"),
        .unsupported: RegistryTrouble(.conflict, .registryUnsupported),
    ]

    /// Every status that a trouble with a registry may be answered with; what an operation that asks one documents.
    static let statuses: [HTTPResponse.Status] = Array(Set(byCode.values.map(\.status)))

    /// Said with 429 when the registry did not: most count by the minute.
    static let fallbackRetryInSeconds = 60
    /// A registry's `Retry-After` beyond this is cut: a client that waits longer than a day for a list has been misled.
    static let longestRetryInSeconds = 86_400
}

extension APIError {
    /// A trouble with a registry as the table tells it; one that is not in the table is a fault of ours.
    init(registry error: RegistryError) {
        guard let trouble = RegistryTrouble.byCode[error.code] else {
            self = .internalError(cause: "no row for the registry error \(error.code): \(error)")
            return
        }
        let told = error.retryAfter.map { wait in
            // Rounded up: who comes back a fraction early is refused again.
            let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
            return Int(min(max(seconds, 1), Int64(RegistryTrouble.longestRetryInSeconds)))
        }
        self.init(
            status: trouble.status,
            code: trouble.code,
            message: error.message,
            hint: error.hint ?? trouble.hint,
            retryAfter: told
                ?? (trouble.status == .tooManyRequests ? RegistryTrouble.fallbackRetryInSeconds : nil),
            upstream: error.upstream
        )
    }
}
