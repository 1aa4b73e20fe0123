import Foundation
import OCI

/// Proves a credential for a registry of which nothing is known but that it speaks the OCI distribution API.
///
/// A 200 proves a secret only if somebody else is refused: registries answer nobody, and some take a wrong secret for nobody.
/// So what the secret gets is held against what nobody gets, and where both are alike, once against what a made-up login gets,
/// which locks out no account.
struct OCIProbe {
    let credential: OpenedCredential
    let outbound: OutboundClient
    let tokens: TokenCache
    var record: ProbeRecord

    init(_ credential: OpenedCredential, outbound: OutboundClient, tokens: TokenCache) {
        self.credential = credential
        self.outbound = outbound
        self.tokens = tokens
        record = ProbeRecord(time: outbound.time)
    }

    /// Runs all steps.
    func run() async -> Verification {
        var probe = self
        do {
            let client = DistributionClient(
                outbound: outbound,
                tokens: tokens,
                origin: try credential.origin(),
                login: try credential.login(),
                trust: try TLSTrust(credential)
            )
            let scheme = try await probe.reach(client)
            try await probe.take(client, scheme)
            let repositories = try await probe.repositories(client)
            let isProven = try await probe.proveCredential(client, scheme, repositories.names)
            let sights = try await probe.look(client, scheme, repositories.names)
            probe.report(sights, repositories)
            probe.judge(isProven, sights, repositories)
        } catch {
            probe.record.stop(error)
        }
        return probe.record.finished()
    }

    /// `address`, `tls`, `challenge`.
    private mutating func reach(_ client: DistributionClient) async throws -> OCIScheme {
        record.begin(.address)
        let support: DistributionSupport
        do {
            support = try await client.ping()
        } catch let error as RegistryError where OCIProbe.isAboutChallenge(error) {
            record.reached(client.origin)
            record.begin(.challenge)
            throw error
        }
        record.reached(client.origin)
        record.begin(.challenge)
        if let bearer = support.challenges.first(where: { $0.scheme == "bearer" }) {
            // Only told; a realm that is no address was refused by the client.
            record.result.realm = bearer.parameters["realm"].flatMap { try? OutboundURL($0) }?.origin.description
            record.end(.passed, "tokens are given by \(record.result.realm ?? "a service")")
            return .bearer
        }
        if support.challenges.contains(where: { $0.scheme == "basic" }) {
            record.end(.passed, "asks for name and password")
            return .basic
        }
        guard support.isOpen else {
            throw RegistryError.misbehaved(client.origin, "asks for a credential in a way that is not known here")
        }
        record.end(.warning, "asks for no credential")
        return .open
    }

    /// Whether an error comes of what the registry answered, so that its host was reached.
    private static func isAboutChallenge(_ error: RegistryError) -> Bool {
        error.upstream?.status != nil || error.code == .realmChanged
            || (error.code == .addressForbidden && error.message.contains("token service"))
    }

    /// What is said at the end.
    private mutating func judge(_ isProven: Bool, _ sights: [OCISight], _ repositories: OCIRepositories) {
        record.judge()
        if record.result.state == .insufficient {
            record.advise("Give the account read access to the repositories that are missing, or correct their names.")
        } else if !isProven {
            record.result.state = .unverified
            record.advise("The registry answers everybody alike, so nothing proves that the secret is right.")
        } else if sights.isEmpty, !repositories.hasCatalogue {
            record.result.state = .unverified
            record.advise(
                "The registry has no catalogue: name a repository in the credential's field repositories, so that reading it can "
                    + "be proven."
            )
        } else if record.result.state == .excessive {
            record.advise("The account may push or delete; one with read access only is safer.")
        }
    }
}

/// How the registry lets anybody in.
enum OCIScheme: Sendable {
    case open
    case basic
    case bearer
}

/// The repositories that are looked at.
struct OCIRepositories: Sendable {
    /// Named by the user, else the first of the catalogue.
    let names: [String]
    /// Whether the registry has a catalogue that the login may read.
    let hasCatalogue: Bool

    /// Every one costs a few requests.
    static let most = 5
}

/// What was seen of one repository.
struct OCISight: Sendable {
    let repository: String
    /// What the token service grants; nil when it does not tell.
    var actions: [String]?
    /// Whether its tags may be listed.
    var listsTags = false
    /// Whether a manifest may be pulled; nil when there was none to ask for.
    var pulls: Bool?
    /// Why not.
    var trouble: RegistryError?
    /// What the registry says of its rate limit.
    var rateBudget: RateBudget?
}
