import Foundation
import OCI
import Sealing

/// Gets tokens from the service that a registry names, once the service has passed ``TokenRealm``.
///
/// Source: distribution, docs/spec/auth/token.md and oauth.md.
struct TokenService: Sendable {
    let outbound: OutboundClient
    let registry: OutboundOrigin
    let realm: OutboundURL
    let service: String?
    let login: RegistryLogin?
    let trust: TLSTrust?

    /// A token with as many of the rights as the service grants; fewer are no error.
    func token(_ scopes: [TokenScope]) async throws -> RegistryToken {
        if let login, login.username == TokenService.identityTokenName {
            let response = try await outbound.send(exchange(login, scopes))
            // Harbor 405, JFrog 401, ACR 400, Google 404: they know GET only. Source: containerd, core/remotes/docker.
            if ![400, 401, 404, 405].contains(response.status) { return try token(in: response, scopes) }
        }
        return try token(in: try await outbound.send(question(scopes)), scopes)
    }

    /// The user name that marks a secret as an identity token. Source: docker-credential-helpers.
    static let identityTokenName = "<token>"

    private func question(_ scopes: [TokenScope]) -> OutboundRequest {
        var url = realm
        if let service { url = url.adding("service", service) }
        for scope in scopes { url = url.adding("scope", scope.description) }
        if let login { url = url.adding("account", login.username) }
        var request = OutboundRequest(
            .get,
            url,
            headers: [("Accept", "application/json")],
            authorization: login.map { .basic(username: $0.username, password: $0.password) },
            bodyLimit: .token,
            trust: realmTrust
        )
        request.isAddressHidden = true
        return request
    }

    private func exchange(_ login: RegistryLogin, _ scopes: [TokenScope]) -> OutboundRequest {
        var form = [("grant_type", "refresh_token"), ("client_id", "pratique")]
        if let service { form.append(("service", service)) }
        if !scopes.isEmpty { form.append(("scope", scopes.map(\.description).joined(separator: " "))) }
        let head = form.map { "\($0.0)=\(OutboundURL.encoded($0.1))" }.joined(separator: "&") + "&refresh_token="
        let bytes = login.password.withBytes { token in
            Secret(Array(head.utf8) + Array(OutboundURL.encoded(String(decoding: token, as: UTF8.self)).utf8))
        }
        var request = OutboundRequest(
            .post,
            realm,
            headers: [("Accept", "application/json")],
            body: .init(contentType: "application/x-www-form-urlencoded", bytes: bytes),
            bodyLimit: .token,
            trust: realmTrust
        )
        request.isAddressHidden = true
        return request
    }

    /// The client's certificate is for the registry; another host does not get to see who we are.
    private var realmTrust: TLSTrust? { realm.origin == registry ? trust : trust?.withoutClientCertificate }

    private func token(in response: OutboundResponse, _ scopes: [TokenScope]) throws -> RegistryToken {
        guard response.status == 200 else { throw RegistryError(tokenAnswer: response, isAnonymous: login == nil) }
        // The decoder's own words could quote the token.
        guard JSONBounds.isShallow(response.body),
            let body = try? JSONDecoder().decode(Body.self, from: Data(response.body)),
            let text = [body.token, body.accessToken].compactMap(\.self).first(where: { !$0.isEmpty })
        else { throw RegistryError.misbehaved(realm.origin, "sent no token", status: response.status) }
        let token = Secret(text)
        let claims = TokenClaims(unverified: token)
        let now = outbound.time.date()
        let lifetime = TokenService.lifetime(body.expiresIn, claims, now)
        return RegistryToken(
            token: token,
            expiresAt: now + lifetime,
            claims: claims,
            realm: realm.origin.description,
            service: service,
            scopes: scopes,
            staleAt: outbound.time.now() + .seconds(lifetime - TokenService.skew)
        )
    }

    /// Taken as old this much before its end, in seconds.
    private static let skew = 10.0

    /// What the answer says, else what the token says of itself, else the specification's 60 seconds.
    private static func lifetime(_ told: Double?, _ claims: TokenClaims?, _ now: Date) -> Double {
        let own = claims?.expiresAt.map { $0.timeIntervalSince(now) }.flatMap { $0 > 0 ? $0 : nil }
        return min(max(told ?? own ?? 60, 1), 86_400)
    }

    private struct Body: Decodable {
        let token: String?
        let accessToken: String?
        let expiresIn: Double?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            token = try container.decodeIfPresent(String.self, forKey: .token)
            accessToken = try container.decodeIfPresent(String.self, forKey: .accessToken)
            // A number by the specification, a text with some; a lifetime of another shape is as good as none.
            let number = try? container.decode(Double.self, forKey: .expiresIn)
            let text = try? container.decode(String.self, forKey: .expiresIn)
            expiresIn = (number ?? text.flatMap { Double($0) }).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        }
    }
}
