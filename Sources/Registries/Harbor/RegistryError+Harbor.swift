extension RegistryError {
    /// What an error status of Harbor's API means, when nothing more is known. The one table for it.
    /// Source: Harbor, src/lib/errors/const.go and src/lib/http/error.go.
    init(harbor answer: OutboundResponse, doing what: String) {
        let host = answer.url.origin.authority
        let upstream = Upstream(registry: host, status: answer.status, code: RegistryError.word(in: answer.body))
        func error(_ code: Code, _ text: String, hint: String? = nil) -> RegistryError {
            RegistryError(code, "\(host) \(text)", hint: hint, upstream: upstream, retryAfter: answer.pause)
        }
        switch answer.status {
        case 401:
            self = error(
                .authenticationFailed,
                "does not take the credential",
                hint: HarborAdvice.deadCredential
            )
        case 403:
            self = error(.insufficientScope, "does not let the credential do this: \(what)")
        case 404: self = error(.unsupported, "has no such address in its API: \(what)")
        case 412: self = error(.policyBlocked, "blocks this by a policy of the project")
        case 429: self = error(.rateLimited, "was asked too often", hint: "A proxy in front of Harbor limits requests.")
        case 408, 504: self = error(.timeout, "did not answer in time")
        case 500...: self = error(.upstreamFailed, "failed at \(what)")
        default: self = error(.upstreamMisbehaved, "did not understand the request for \(what)")
        }
    }
}

/// Sentences that help with Harbor.
enum HarborAdvice {
    /// All of these look the same from outside.
    static let deadCredential = """
        Harbor does not say why: the secret may be wrong, or the robot expired, disabled, deleted or renamed by a new robot \
        prefix. Look at it under Robot Accounts, refresh the secret and rotate the credential.
        """
}
