import Foundation
import OCI
import Sealing

/// Proves a credential for Docker Hub.
///
/// A weak token gets 200 and public repositories wherever it asks, so a token is judged by what its login says of it, by what a
/// registry token for a repository grants, and by whether a private repository is to be seen. A secret is sent to each login once:
/// failures lock out the account and our address.
struct DockerHubProbe {
    let credential: OpenedCredential
    let outbound: OutboundClient
    let endpoints: DockerHubEndpoints
    let tokens: TokenCache
    let hubTokens: DockerHubTokens
    var record: ProbeRecord

    init(
        _ credential: OpenedCredential,
        outbound: OutboundClient,
        endpoints: DockerHubEndpoints,
        tokens: TokenCache,
        hubTokens: DockerHubTokens
    ) {
        self.credential = credential
        self.outbound = outbound
        self.endpoints = endpoints
        self.tokens = tokens
        self.hubTokens = hubTokens
        record = ProbeRecord(time: outbound.time)
    }

    /// Runs all steps.
    func run() async -> Verification {
        var probe = self
        do {
            let api = try DockerHubAPI(credential, outbound: outbound, endpoints: endpoints, tokens: hubTokens)
            let registry = api.distribution(tokens)
            try await probe.reach(registry)
            let kind = try await probe.proveCredential(api)
            let evidence = try await probe.gather(api, registry)
            probe.proveRights(kind, evidence)
            probe.proveListing(api, evidence)
            try await probe.provePull(registry, evidence)
            probe.judge(kind, evidence)
        } catch {
            probe.record.stop(error)
        }
        return probe.record.finished()
    }

    private mutating func reach(_ registry: DistributionClient) async throws {
        record.begin(.address)
        let support: DistributionSupport
        do {
            support = try await registry.ping()
        } catch let error as RegistryError where error.code == .realmChanged {
            record.reached(endpoints.registry)
            record.begin(.challenge)
            throw error
        }
        record.reached(endpoints.registry)
        record.begin(.challenge)
        guard support.challenges.contains(where: { $0.scheme == "bearer" }) else {
            throw RegistryError.misbehaved(endpoints.registry, "does not ask for a token as Docker Hub does")
        }
        record.result.realm = endpoints.auth.description
        record.end(.passed, "tokens are given by \(endpoints.auth)")
    }

    private mutating func proveCredential(_ api: DockerHubAPI) async throws -> DockerHubRights.SecretKind {
        record.begin(.credential)
        let token = try await hubTokens.newToken(api.login)
        let beginning = api.login.password.withBytes { String(decoding: $0.prefix(9), as: UTF8.self) }
        let kind = DockerHubRights.SecretKind(beginning: beginning, claims: token.claims)
        record.end(.passed, "Docker Hub takes the \(kind.title)")
        return kind
    }

    private mutating func gather(
        _ api: DockerHubAPI,
        _ registry: DistributionClient
    ) async throws -> DockerHubEvidence {
        record.begin(.rights)
        let claims = try await hubTokens.token(api.login).claims
        return try await DockerHubEvidence(api, registry, claims: claims, named: credential.repositories)
    }

    private mutating func proveListing(_ api: DockerHubAPI, _ evidence: DockerHubEvidence) {
        record.begin(.listing)
        guard let total = evidence.total else {
            record.end(.failed, "\(api.namespace) cannot be listed", code: .projectNotFound)
            return
        }
        let text = "\(total) \(total == 1 ? "repository" : "repositories") in \(api.namespace)"
        if evidence.listsPrivate {
            record.end(.passed, "\(text), private ones among them")
        } else {
            record.end(.warning, "\(text), no private one seen: a weak token is shown the public ones only")
        }
    }

    private mutating func provePull(_ registry: DistributionClient, _ evidence: DockerHubEvidence) async throws {
        record.begin(.pull)
        record.result.rateBudget = evidence.rateBudget
        guard let candidate = evidence.candidate else {
            record.end(.warning, "there is no repository to ask for")
            return
        }
        guard evidence.actions.contains("pull") else {
            record.end(.failed, "the registry grants no pull of \(candidate.path)", code: .insufficientScope)
            return
        }
        if let tag = candidate.tag {
            do {
                let head = try await registry.head(candidate.path, .tag(tag))
                record.result.rateBudget = head.rateBudget ?? record.result.rateBudget
            } catch let error as RegistryError where error.code == .tagNotFound {
                record.end(.warning, "pull is granted; the tag that was asked for has gone meanwhile")
                return
            }
        }
        if candidate.isPrivate {
            record.end(.passed, "\(candidate.path), which is private, may be pulled")
        } else {
            record.end(.warning, "\(candidate.path) may be pulled, but is public: everybody may")
        }
    }
}
