import Foundation
import OCI
import Sealing

extension OCIProbe {
    /// `credential`: whether the secret is taken at all.
    mutating func take(_ client: DistributionClient, _ scheme: OCIScheme) async throws {
        record.begin(.credential)
        // The secret may be a token that says when it ends.
        if let end = client.login.flatMap({ TokenClaims(unverified: $0.password) })?.expiresAt {
            record.result.expiry = Verification.Expiry(at: end, source: .token)
        }
        switch scheme {
        case .open: record.end(.warning, "the registry is open and does not ask for the secret")
        case .basic:
            // The challenge came to nobody, so that an answer to the secret is an answer to it.
            let answer = try await outbound.send(
                OutboundRequest(
                    .get,
                    client.origin.url("/v2/"),
                    authorization: client.login.map { .basic(username: $0.username, password: $0.password) },
                    bodyLimit: .object,
                    trust: client.trust
                )
            )
            guard answer.status == 200 else { throw RegistryError(answer: answer, about: .support, as: .secret) }
            record.end(.passed, "the registry takes the secret")
        case .bearer:
            _ = try await client.token(scopes: [])
            record.end(.passed, "the token service takes the secret")
        }
    }

    /// Named by the user, else the first of the catalogue.
    func repositories(_ client: DistributionClient) async throws -> OCIRepositories {
        let named = Array(credential.repositories.prefix(OCIRepositories.most))
        guard named.isEmpty else { return OCIRepositories(names: named, hasCatalogue: false) }
        do {
            let page = try await client.catalogPage(size: OCIRepositories.most)
            let names = page.names.filter { ImageReference.isRepository($0) }
            return OCIRepositories(names: Array(names.prefix(1)), hasCatalogue: true)
        } catch let error as RegistryError where OCIRegistry.lacksCatalogue(error) {
            return OCIRepositories(names: [], hasCatalogue: false)
        }
    }

    /// Whether the secret gets what nobody, or a made-up login, does not get.
    mutating func proveCredential(
        _ client: DistributionClient,
        _ scheme: OCIScheme,
        _ repositories: [String]
    ) async throws -> Bool {
        guard scheme == .bearer else { return scheme == .basic }
        let scopes = repositories.prefix(1).map { TokenScope(type: "repository", name: $0, actions: ["pull"]) }
        let own = try await client.token(scopes: scopes)
        let others: [RegistryLogin?] = [nil, OCIProbe.madeUpLogin(pinnedRealm: client.login?.pinnedRealm)]
        for other in others {
            let otherClient = DistributionClient(
                outbound: outbound,
                tokens: tokens,
                origin: client.origin,
                login: other,
                trust: client.trust
            )
            do {
                let token = try await otherClient.token(scopes: scopes)
                if OCIProbe.tells(own.claims, apartFrom: token.claims) { return true }
            } catch let error as RegistryError where error.code == .authenticationFailed {
                return true
            }
        }
        record.begin(.credential)
        record.end(.warning, "the token service takes a made-up name and password as well as the stored ones")
        return false
    }

    /// Whether one token was given to somebody and the other to somebody else or nobody.
    private static func tells(_ own: TokenClaims?, apartFrom other: TokenClaims?) -> Bool {
        guard let own, let other else { return false }
        if let subject = own.subject, !subject.isEmpty, subject != other.subject { return true }
        return Set((own.access ?? []).flatMap(\.actions)) != Set((other.access ?? []).flatMap(\.actions))
    }

    /// A name that is nobody's: the user's own name with a wrong password would count towards locking the account.
    private static func madeUpLogin(pinnedRealm: String?) -> RegistryLogin {
        let word = UUID().uuidString.lowercased()
        return RegistryLogin(
            id: UUID(),
            version: 0,
            username: "pratique-probe-\(word.prefix(8))",
            password: Secret(word),
            pinnedRealm: pinnedRealm
        )
    }
}
