import Foundation
import Sealing

/// Proves a credential for Harbor.
///
/// Harbor takes a dead robot for nobody and answers nobody with 200 wherever something is public, so nothing is concluded from
/// a 200 but from what only a login gets: its permissions, and a token with its name in it.
/// Source: Harbor, src/server/middleware/security and src/server/v2.0/handler/user.go.
struct HarborProbe {
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
            let api = try HarborAPI(credential, outbound: outbound)
            let realmTrouble = try await probe.reach(api)
            try await probe.proveCredential(api)
            try await probe.judge(api, realmTrouble)
        } catch {
            probe.record.stop(error)
        }
        return probe.record.finished()
    }

    /// `address`, `tls` and `challenge`. Gives back why the token service may not be asked, if it may not.
    private mutating func reach(_ api: HarborAPI) async throws -> RegistryError? {
        record.begin(.address)
        let ping = try await api.ask("/api/v2.0/ping", isAnonymous: true)
        record.reached(api.origin)
        record.begin(.challenge)
        guard ping.status < 500, ping.status != 429 else { throw RegistryError(harbor: ping, doing: "a ping") }
        guard ping.status == 200, String(decoding: ping.body.prefix(16), as: UTF8.self).contains("Pong") else {
            throw RegistryError(
                .unsupported,
                "\(api.origin.authority) answers and is no Harbor 2",
                hint: "Check harborUrl: it is the address at which Harbor's console opens.",
                upstream: .init(registry: api.origin.authority, status: ping.status)
            )
        }
        let registry = DistributionClient(
            outbound: outbound,
            tokens: tokens,
            origin: api.origin,
            login: api.login,
            trust: api.trust
        )
        do {
            let support = try await registry.ping()
            let realm = support.challenges.first { $0.scheme == "bearer" }?.parameters["realm"]
            // Only told; a realm that is no address was refused by the client.
            record.result.realm = realm.flatMap { try? OutboundURL($0) }?.origin.description
            record.end(.passed, record.result.realm.map { "tokens are given by \($0)" } ?? "asks for name and secret")
            return nil
        } catch let error as RegistryError where [.addressForbidden, .realmChanged].contains(error.code) {
            // Nothing was sent there. What needs no token can still be learned.
            record.end(.failed, error)
            return error
        }
    }

    private mutating func proveCredential(_ api: HarborAPI) async throws {
        record.begin(.credential)
        let answer = try await api.ask("/api/v2.0/users/current/permissions")
        switch answer.status {
        case 200: record.end(.passed, "Harbor knows the login")
        case 401: throw rejection(api)
        case 404, 500:
            // Harbor 2.0 to 2.2 fails here for robots. The token service refuses a login that is nobody's, if asked for nothing.
            let token = try await api.ask("/service/token", query: [("service", "harbor-registry")], limit: .token)
            switch token.status {
            case 200: record.end(.passed, "the token service knows the login")
            case 401: throw rejection(api)
            default: throw RegistryError(harbor: token, doing: "a token")
            }
        default: throw RegistryError(harbor: answer, doing: "the permissions of the login")
        }
        let version = try await api.ask("/api/v2.0/systeminfo")
        if version.status == 200, let text = decodedForeign(HarborVersion.self, version.body)?.text {
            record.result.registryVersion = "Harbor \(text)"
        }
    }

    /// Why a login that is nobody's was refused, as far as that can be known.
    private func rejection(_ api: HarborAPI) -> RegistryError {
        // The secret of a robot made by Harbor 2.1 or older is a token that says when it ends.
        if let end = TokenClaims(unverified: api.login.password)?.expiresAt, end <= outbound.time.date() {
            return RegistryError(
                .credentialExpired,
                "the robot's secret ended on \(end.formatted(.iso8601))",
                hint: "Make a new robot in Harbor and rotate the credential.",
                upstream: .init(registry: api.origin.authority, status: 401)
            )
        }
        return RegistryError(
            .authenticationFailed,
            "\(api.origin.authority) does not take the credential",
            hint: HarborAdvice.deadCredential,
            upstream: .init(registry: api.origin.authority, status: 401)
        )
    }

    private mutating func judge(_ api: HarborAPI, _ realmTrouble: RegistryError?) async throws {
        record.begin(.rights)
        let standing = try await HarborStanding(api, version: HarborVersion(record.result.registryVersion))
        try await proveRights(api, standing)
        try await proveListing(api, standing)
        try await provePull(api, standing)
        record.judge()
        adviseOnRights(standing)
        guard let realmTrouble else { return }
        // Lists would work, pulls would not: the registry cannot be used as it is.
        record.result.state = .unreachable
        record.result.advice = [realmTrouble.message + ".", realmTrouble.hint].compactMap(\.self).joined(separator: " ")
    }

    private mutating func adviseOnRights(_ standing: HarborStanding) {
        let rights = record.result.rights
        if !rights.missing.isEmpty {
            record.advise(
                "The login lacks \(rights.missing.sorted().joined(separator: ", ")): edit it under Robot Accounts."
            )
        }
        if standing.isRobot == false {
            record.advise("This is a person's account; a robot account of the project with read rights only is safer.")
        } else if !rights.excess.isEmpty {
            let excess = rights.excess.sorted().joined(separator: ", ")
            record.advise("The robot may do more than is needed (\(excess)): take these rights away in Harbor.")
        }
        if standing.project?.isPublic ?? false {
            record.advise(
                "The project is public: everybody may list and pull there, so most rights are not proven to be the login's own."
            )
        }
    }
}
