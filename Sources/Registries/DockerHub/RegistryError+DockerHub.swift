extension RegistryError {
    /// What an error status of Docker Hub's API means; `missing` is what a 404 says is not there. The one table for it.
    /// Bodies come in three shapes and are not looked at.
    init(dockerHub answer: OutboundResponse, doing what: String, missing: RegistryError? = nil) {
        let host = answer.url.origin.authority
        func error(_ code: Code, _ text: String, hint: String? = nil) -> RegistryError {
            RegistryError(
                code,
                "\(host) \(text)",
                hint: hint,
                upstream: Upstream(registry: host, status: answer.status),
                retryAfter: answer.pause
            )
        }
        switch answer.status {
        case 401: self = error(.authenticationFailed, "does not take its own token any more")
        case 403:
            self = error(
                .insufficientScope,
                "does not let the token do this: \(what)",
                hint: "Give the access token read access, or name the repositories on the credential."
            )
        case 404: self = missing ?? error(.unsupported, "has no such address in its API: \(what)")
        case 410: self = error(.unsupported, "does not offer this any more: \(what)")
        case 429: self = error(.rateLimited, "was asked too often", hint: "Docker Hub limits requests by the minute.")
        case 408, 504: self = error(.timeout, "did not answer in time")
        case 500...: self = error(.upstreamFailed, "failed at \(what)")
        default: self = error(.upstreamMisbehaved, "did not understand the request for \(what)")
        }
    }

    /// What a refused login means. Too many of them lock out, which says nothing of this secret.
    init(dockerHubLogin answer: OutboundResponse, isOrganizationToken: Bool) {
        let host = answer.url.origin.authority
        switch answer.status {
        case 400, 401, 403:
            self.init(
                .authenticationFailed,
                "\(host) does not take the credential",
                hint: isOrganizationToken
                    ? "An organization access token logs in with the organization's name as dockerhubUsername. It may also be "
                        + "expired, switched off or deleted."
                    : "The token may be wrong, expired, switched off or deleted; a password is refused where single sign-on is "
                        + "required. Make a new access token with read access and rotate the credential.",
                upstream: Upstream(registry: host, status: answer.status)
            )
        case 429:
            self.init(
                .rateLimited,
                "\(host) refuses logins for a while, after too many that failed",
                hint:
                    "This says nothing about the secret. Wait a quarter of an hour; other logins from this address count too.",
                upstream: Upstream(registry: host, status: answer.status),
                retryAfter: answer.pause
            )
        default: self.init(dockerHub: answer, doing: "a login")
        }
    }
}
