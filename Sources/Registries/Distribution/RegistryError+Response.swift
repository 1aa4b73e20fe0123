import Foundation
import OCI

/// What was asked of a registry, so that its `404` can be read.
public enum RegistrySubject: Sendable {
    /// Whether it is a registry at all.
    case support
    /// A repository or its list of tags.
    case repository
    /// A tag or a digest in a repository.
    case tag
    /// A blob that a manifest names.
    case blob
    /// A project or namespace.
    case project
    /// The list of repositories.
    case catalog
}

/// How a request was signed, so that a `401` can be read.
public enum RequestStanding: Sendable {
    /// Not at all.
    case anonymous
    /// With the secret itself.
    case secret
    /// With a token that was granted for the secret, so the secret is good.
    case grantedToken
}

extension RegistryError {
    /// What an answer with an error status means. The one table for registries that speak the distribution API; judged by status,
    /// with the code in the body where it says more. Source: OCI distribution specification 1.1, "Error codes".
    public init(answer: OutboundResponse, about subject: RegistrySubject, as standing: RequestStanding) {
        let origin = answer.url.origin
        let host = origin.authority
        let word = RegistryError.word(in: answer.body)
        let upstream = Upstream(registry: host, status: answer.status, code: word)
        let pause = answer.status == 429 || answer.status == 503 ? answer.pause : nil
        func error(_ code: Code, _ text: String, _ hint: String? = nil) -> RegistryError {
            RegistryError(code, "\(host) \(text)", hint: hint, upstream: upstream, retryAfter: pause)
        }
        switch (answer.status, word) {
        case (429, _), (_, "TOOMANYREQUESTS"):
            self = error(
                .rateLimited,
                "was asked too often",
                "Try again later, or use an account with a larger budget."
            )
        case (401, _):
            switch standing {
            case .anonymous: self = error(.authenticationFailed, "wants a credential")
            case .secret:
                self = error(.authenticationFailed, "does not take the credential", "Rotate the credential.")
            case .grantedToken:
                self = error(
                    .insufficientScope,
                    "does not let the credential do this",
                    "The right to pull is missing, or there is no such repository."
                )
            }
        case (403, _):
            self = error(
                .insufficientScope,
                "does not let the credential do this",
                "Check the rights of the credential."
            )
        case (404, "NAME_UNKNOWN"), (400, "NAME_INVALID"):
            self = error(.repositoryNotFound, "has no such repository, or does not let the credential see it")
        case (404, "MANIFEST_UNKNOWN"), (404, "TAG_UNKNOWN"), (400, "TAG_INVALID"):
            self = error(.tagNotFound, "has no such tag or digest")
        case (404, _):
            let (code, text) = subject.missing
            self = error(code, text)
        case (405, _), (501, _), (410, _), (_, "UNSUPPORTED"): self = error(.unsupported, "does not offer this")
        case (408, _), (504, _): self = error(.timeout, "did not answer in time")
        case (412, _), (451, _):
            self = error(
                .policyBlocked,
                "blocks the image by a policy of its own",
                "On Harbor: the project prevents vulnerable or unsigned images from being pulled."
            )
        case (500..., _): self = error(.upstreamFailed, "failed")
        case (400..<500, _): self = error(.upstreamMisbehaved, "did not understand the request")
        default: self = error(.upstreamMisbehaved, "answered in a way that is not expected here")
        }
    }

    /// What a token service's answer with an error status means.
    init(tokenAnswer answer: OutboundResponse, isAnonymous: Bool) {
        switch answer.status {
        // GitLab and GHCR answer 403 to a wrong secret. Tokens with fewer rights than asked are a 200.
        case 401, 403:
            self.init(
                .authenticationFailed,
                "\(answer.url.origin.authority) does not "
                    + (isAnonymous ? "give tokens to everybody" : "take the credential"),
                hint: isAnonymous ? nil : "Rotate the credential.",
                upstream: .init(
                    registry: answer.url.origin.authority,
                    status: answer.status,
                    code: RegistryError.word(in: answer.body)
                )
            )
        default: self.init(answer: answer, about: .support, as: isAnonymous ? .anonymous : .secret)
        }
    }

    /// The registry's own word for an error, if its body has one of capitals; anything else in the body is never shown.
    static func word(in body: [UInt8]) -> String? {
        // A body of another shape has no word in it; the status alone decides then.
        guard body.first == UInt8(ascii: "{"), JSONBounds.isShallow(body),
            let answer = try? JSONDecoder().decode(ErrorBody.self, from: Data(body)),
            let code = answer.errors?.first?.code, (1...64).contains(code.utf8.count),
            code.utf8.allSatisfy({ (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return code
    }

    private struct ErrorBody: Decodable {
        struct Entry: Decodable {
            let code: String?

            enum CodingKeys: String, CodingKey { case code }

            init(from decoder: any Decoder) throws {
                // As above, of an entry that is no object too.
                code = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .code)
            }
        }

        let errors: [Entry]?
    }
}

extension RegistrySubject {
    fileprivate var missing: (RegistryError.Code, String) {
        switch self {
        case .support: (.unsupported, "is no registry that speaks the distribution API")
        case .repository: (.repositoryNotFound, "has no such repository, or does not let the credential see it")
        case .tag: (.tagNotFound, "has no such tag or digest, or does not let the credential see it")
        case .blob: (.upstreamMisbehaved, "has a manifest that names a blob which it has not")
        case .project: (.projectNotFound, "has no such project, or does not let the credential see it")
        case .catalog: (.unsupported, "has no catalogue of repositories")
        }
    }
}

extension OutboundResponse {
    /// The pause that the answer asks for.
    var pause: Duration? { RetryAfter.pause(status: status, headers: headers, now: Date()) }
}
