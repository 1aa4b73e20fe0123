/// What a registry did, or what kept us from asking it. ``description`` is safe for users and logs: it holds no secret, no body
/// of the far side, and URLs only in redacted form.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable name of the trouble, in kebab-case; the API shows it as `code`.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name.
        public let description: String

        private init(_ name: String) { description = name }

        /// The registry does not take the stored secret.
        public static let authenticationFailed = Code("registry-auth-failed")
        /// The secret is past its end, and the registry lets one know it.
        public static let credentialExpired = Code("credential-expired")
        /// The secret is good and lacks a right.
        public static let insufficientScope = Code("insufficient-scope")
        /// The secret is stronger than policy allows.
        public static let excessiveRights = Code("excessive-rights")
        /// No connection, or it broke.
        public static let unreachable = Code("registry-unreachable")
        /// No answer within the deadline.
        public static let timeout = Code("registry-timeout")
        /// The certificate is not trusted, or TLS failed otherwise.
        public static let tlsUntrusted = Code("tls-untrusted")
        /// The host resolves to an address that policy forbids, or needs TLS.
        public static let addressForbidden = Code("address-forbidden")
        /// The registry names another token service than the one pinned.
        public static let realmChanged = Code("realm-changed")
        /// Too many requests, said by the registry; ``RegistryError/retryAfter`` tells when to come back.
        public static let rateLimited = Code("rate-limited")
        /// A policy of the registry blocks the image (Harbor's 412).
        public static let policyBlocked = Code("policy-blocked")
        /// No such registry project or namespace, as far as the credential may know.
        public static let projectNotFound = Code("registry-project-not-found")
        /// No such repository, as far as the credential may know.
        public static let repositoryNotFound = Code("repository-not-found")
        /// No such tag or digest.
        public static let tagNotFound = Code("tag-not-found")
        /// The image has no variant for the platform asked for.
        public static let platformNotFound = Code("platform-not-found")
        /// What is there is no container image.
        public static let notAnImage = Code("not-an-image")
        /// The content does not hash to its digest, or has another size than announced.
        public static let digestMismatch = Code("digest-mismatch")
        /// An answer that breaks the protocol: too large, endless, malformed, a forbidden redirect.
        public static let upstreamMisbehaved = Code("registry-misbehaved")
        /// The registry failed by its own account (5xx).
        public static let upstreamFailed = Code("registry-failed")
        /// The registry does not offer what was asked for (a catalogue, for one).
        public static let unsupported = Code("registry-unsupported")
    }

    /// The far side's answer, for `upstream` in our error body.
    public struct Upstream: Sendable, Equatable {
        /// Host, and port where it is not the default.
        public var registry: String
        /// HTTP status, if there was an answer.
        public var status: Int?
        /// The registry's own error code (`UNAUTHORIZED`, `TOOMANYREQUESTS`), if it is one word of capitals.
        public var code: String?

        /// An answer of `registry`.
        public init(registry: String, status: Int? = nil, code: String? = nil) {
            self.registry = registry
            self.status = status
            self.code = code
        }
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What failed, and on what.
    public let message: String
    /// What the user can do.
    public let hint: String?
    /// Whose answer it was.
    public let upstream: Upstream?
    /// When to come back, if the registry said so.
    public let retryAfter: Duration?

    /// An error of `code` that tells `message`.
    public init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        upstream: Upstream? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.upstream = upstream
        self.retryAfter = retryAfter
    }

    /// The message.
    public var description: String { message }
}
