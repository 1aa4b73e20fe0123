import Foundation
import Registries
import RegistryStubs
import Sealing
import Synchronization
import Testing

/// That the stub keeps Docker Hub's rules.
@Suite struct StubDockerHubTests {
    private func ask(
        _ world: StubWorld,
        _ url: String,
        bearer: String? = nil,
        basic: (String, String)? = nil,
        body: String? = nil
    ) async throws -> OutboundResponse {
        var request = OutboundRequest(body == nil ? .get : .post, try OutboundURL(url), bodyLimit: .listPage)
        if let bearer { request.authorization = .bearer(Secret(bearer)) }
        if let basic { request.authorization = .basic(username: basic.0, password: Secret(basic.1)) }
        request.body = body.map { .init(contentType: "application/json", bytes: Secret($0)) }
        return try await world.outbound.send(request)
    }

    private func logIn(_ world: StubWorld, _ stub: StubDockerHub, _ name: String, _ secret: String) async throws
        -> String
    {
        let answer = try await ask(
            world,
            stub.hubAddress + "/v2/auth/token",
            body: #"{"identifier":"\#(name)","secret":"\#(secret)"}"#
        )
        let body = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(body?["access_token"] as? String)
    }

    private func token(_ answer: OutboundResponse) throws -> String {
        let body = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(body?["token"] as? String)
    }

    private func count(_ answer: OutboundResponse) throws -> Int? {
        (try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])?["count"] as? Int
    }

    @Test func weakTokenIsShownThePublicOnly() async throws {
        try await withDockerHub { stub, world in
            let list = stub.hubAddress + "/v2/namespaces/ann/repositories"
            let weak = try await logIn(world, stub, "ann", "dckr_pat_public")
            let strong = try await logIn(world, stub, "ann", "dckr_pat_read")
            #expect(try count(try await ask(world, list, bearer: weak)) == 1)
            #expect(try count(try await ask(world, list, bearer: strong)) == 2)
            #expect(try count(try await ask(world, list)) == 1)
            #expect(try await ask(world, list + "/app", bearer: weak).status == 404)
        }
    }

    @Test func tokensOfOneHostAreNoneOfAnother() async throws {
        try await withDockerHub { stub, world in
            let hub = try await logIn(world, stub, "ann", "dckr_pat_read")
            let manifest = stub.registryAddress + "/v2/ann/app/tags/list"
            #expect(try await ask(world, manifest, bearer: hub).status == 401)
            let scope = "/token?service=registry.docker.io&scope=repository:ann/app:pull"
            let answer = try await ask(world, stub.authAddress + scope, basic: ("ann", "dckr_pat_read"))
            let token = try token(answer)
            #expect(try await ask(world, manifest, bearer: token).status == 200)
            #expect(try await ask(world, stub.hubAddress + "/v2/access-tokens", bearer: token).status == 401)
            // A raw access token is no Bearer anywhere.
            #expect(try await ask(world, manifest, bearer: "dckr_pat_read").status == 401)
        }
    }

    @Test func pageBehindTheEndIsA404AndNextIsAbsolute() async throws {
        try await withDockerHub { stub, world in
            let list = stub.hubAddress + "/v2/namespaces/acme/repositories?page_size=1"
            let token = try await logIn(world, stub, "acme", "dckr_oat_full")
            let first = String(decoding: try await ask(world, list, bearer: token).body, as: UTF8.self)
            #expect(first.contains("\"next\":\"\(stub.hubAddress)/v2/"))
            #expect(try await ask(world, list + "&page=3", bearer: token).status == 404)
            // Legacy paths take no organization's token.
            #expect(try await ask(world, stub.hubAddress + "/v2/repositories/acme/app", bearer: token).status == 403)
            #expect(try await ask(world, stub.hubAddress + "/v1/repositories", bearer: token).status == 410)
            #expect(try await ask(world, stub.hubAddress + "/v2/access-tokens", bearer: token).status == 403)
        }
    }

    @Test func loginsThatFailLockOutTheGoodOnesToo() async throws {
        try await withDockerHub {
            $0.failedLoginsAllowed = 2
        } _: { stub, world in
            let url = stub.authAddress + "/token?service=registry.docker.io"
            #expect(try await ask(world, url, basic: ("ann", "x")).status == 401)
            #expect(try await ask(world, url, basic: ("ann", "y")).status == 401)
            let answer = try await ask(world, url, basic: ("ann", "dckr_pat_read"))
            #expect(answer.status == 429)
            #expect(answer.headers["Retry-After"] == "900")
        }
    }

    @Test func lessThanWasAskedForIsNoError() async throws {
        try await withDockerHub { stub, world in
            let scope = "/token?service=registry.docker.io&scope=repository:other/secret:pull"
            let answer = try await ask(world, stub.authAddress + scope, basic: ("ann", "dckr_pat_read"))
            #expect(answer.status == 200)
            let token = try token(answer)
            let claims = try #require(TokenClaims(unverified: Secret(token)))
            #expect(claims.actions(on: "other/secret") == [])
            let refused = try await ask(world, stub.registryAddress + "/v2/other/secret/tags/list", bearer: token)
            #expect(refused.headers["WWW-Authenticate"]?.contains("insufficient_scope") ?? false)
        }
    }
}
