import Registries
import RegistryStubs
import Synchronization
import Testing

/// Tokens that are not enough, or not any more.
@Suite struct TokenScopeTests {
    @Test func missingScopeIsMergedAndTriedOnce() async throws {
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) }, neededScope: "repository:x/base:pull")
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port)
            #expect(try await client.allTags("a/b") == ["1", "2"])
            let tokens = server.requests.filter { $0.path == "/token" }.map(\.target)
            #expect(tokens.count == 2)
            #expect(tokens[1].contains("scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ax%2Fbase%3Apull"))
        }
    }

    @Test func tokenThatStaysTooWeakIsAMissingRight() async throws {
        let canary = Canary()
        let registry = TestRegistry(neededScope: "repository:a/b:pull,push,delete")
        try await WireServer.run { request in
            request.path == "/token" ? .json(#"{"token":"granted-nothing"}"#) : registry.handle(request)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port, canary.login())
                let error = await registryError { _ = try await client.allTags("a/b") }
                #expect(error?.code == .insufficientScope)
                #expect(server.requests.count == 5)
            }
        }
    }

    /// Harbor answers a token that is not enough with a challenge for the secret itself; sending it would change nothing.
    @Test func basicChallengeAfterATokenIsADenial() async throws {
        let canary = Canary()
        let registry = TestRegistry(answer: { _ in .challenge(#"Basic realm="harbor""#) })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, canary.login())
            #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .insufficientScope)
            #expect(server.requests.filter { canary.isIn($0.text) }.map(\.path) == ["/token"])
        }
    }

    @Test func tokenThatWasRevokedIsFetchedAnew() async throws {
        let revoked = Mutex(true)
        let registry = TestRegistry(answer: { request in
            let isRevoked = revoked.withLock { isRevoked in
                defer { isRevoked = false }
                return isRevoked
            }
            let port = request["Host"]?.split(separator: ":").last ?? ""
            return isRevoked
                ? .challenge(
                    #"Bearer realm="http://registry.test:\#(port)/token",service="test",error="invalid_token""#
                )
                : .json(TokenFlowTests.tags)
        })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port)
            #expect(try await client.allTags("a/b") == ["1", "2"])
            #expect(server.requests.count { $0.path == "/token" } == 2)
        }
    }
}
