import HTTPTypes
import Registries

/// What a request is answered with when it cannot be served: the status, a stable code, and words that help.
struct APIError: Error, Sendable {
    /// A stable name of what went wrong, in kebab-case; every one is listed in docs/errors.md.
    enum Code: String, Sendable, CaseIterable {
        case validationFailed = "validation-failed"
        case unauthenticated
        case forbidden
        case credentialNotLinked = "credential-not-linked"
        case credentialNotFound = "credential-not-found"
        case memberNotFound = "member-not-found"
        case apiKeyNotFound = "api-key-not-found"
        case scanNotFound = "scan-not-found"
        case scheduleNotFound = "schedule-not-found"
        case findingNotFound = "finding-not-found"
        case imageNotFound = "image-not-found"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case conflict
        case nameTaken = "name-taken"
        case lastAdministrator = "last-administrator"
        case versionChanged = "version-changed"
        case idempotencyKeyReused = "idempotency-key-reused"
        case idempotencyNotRepeatable = "idempotency-not-repeatable"
        case bodyTooLarge = "body-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case tooManyStreams = "too-many-streams"
        case tooManyDocuments = "too-many-documents"
        case tooManyAttempts = "too-many-attempts"
        case credentialUnreadable = "credential-unreadable"
        case registryAuthFailed = "registry-auth-failed"
        case credentialExpired = "credential-expired"
        case insufficientScope = "insufficient-scope"
        case excessiveRights = "excessive-rights"
        case registryUnreachable = "registry-unreachable"
        case registryTimeout = "registry-timeout"
        case tlsUntrusted = "tls-untrusted"
        case addressForbidden = "address-forbidden"
        case realmChanged = "realm-changed"
        case rateLimited = "rate-limited"
        case policyBlocked = "policy-blocked"
        case registryProjectNotFound = "registry-project-not-found"
        case repositoryNotFound = "repository-not-found"
        case tagNotFound = "tag-not-found"
        case platformNotFound = "platform-not-found"
        case notAnImage = "not-an-image"
        case digestMismatch = "digest-mismatch"
        case registryMisbehaved = "registry-misbehaved"
        case registryFailed = "registry-failed"
        case registryUnsupported = "registry-unsupported"
        case storageUnavailable = "storage-unavailable"
        case overloaded
        case internalError = "internal-error"
    }

    let status: HTTPResponse.Status
    let code: Code
    let message: String
    var errors: [FieldError] = []
    var hint: String?
    /// Whole seconds.
    var retryAfter: Int?
    /// Methods for `Allow`.
    var allow: [String] = []
    /// The answer of a registry that led to this one.
    var upstream: RegistryError.Upstream?
    /// What only the log may tell.
    var cause: String?
}

extension APIError {
    /// One or more fields are wrong; all of them are named.
    static func invalid(_ errors: [FieldError]) -> APIError {
        let fields = errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        return APIError(status: .badRequest, code: .validationFailed, message: fields, errors: errors)
    }

    /// One field is wrong.
    static func invalid(_ field: String, _ message: String) -> APIError {
        invalid([FieldError(field, message)])
    }

    /// 400 for a body that is no JSON object; `wanted` is what to send, with its article.
    static func notAnObject(expecting wanted: String) -> APIError {
        APIError(
            status: .badRequest,
            code: .validationFailed,
            message: "the body is not a JSON object",
            hint: "Send \(wanted) in UTF-8 with Content-Type: application/json"
        )
    }

    static let unauthenticated = APIError(
        status: .unauthorized,
        code: .unauthenticated,
        message: "a valid API key is required",
        hint:
            "Send it in the header x-api-key; it may be mistyped, expired or revoked. The command line keeps one: pratique login"
    )

    /// The same whether the organization or project exists or not.
    static let forbidden = APIError(
        status: .forbidden,
        code: .forbidden,
        message: "this API key may not do that here",
        hint:
            "The organization or project may not exist, its member may lack the role, or the key may be narrowed or expired"
    )

    /// The same for an id that does not exist and one of another tenant.
    static func notFound(_ what: String, code: Code = .notFound) -> APIError {
        APIError(status: .notFound, code: code, message: "there is no such \(what) here")
    }

    static let credentialNotFound = notFound("credential", code: .credentialNotFound)

    /// The credential is one of the organization, and the project may not use it.
    static let credentialNotLinked = APIError(
        status: .forbidden,
        code: .credentialNotLinked,
        message: "the credential is not linked to this project",
        hint: "Somebody who may manage integrations can link it: pratique credential link"
    )

    static func bodyTooLarge(limit: Int = RequestLimits.bodyInBytes) -> APIError {
        APIError(
            status: .contentTooLarge,
            code: .bodyTooLarge,
            message: "the request body has more than \(limit / 1024) KiB"
        )
    }
}
