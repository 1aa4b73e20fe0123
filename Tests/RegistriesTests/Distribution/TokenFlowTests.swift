import Foundation
import Registries
import RegistryStubs
import Sealing
import Testing

/// How a login becomes a token. Source: the distribution project's token authentication specification.
@Suite struct TokenFlowTests {
    static let tags = #"{"name":"a/b","tags":["1","2"]}"#

    @Test func tokenIsFetchedOnceAndTheSecretGoesToTheRealmOnly() async throws {
        let canary = Canary()
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, canary.login())
            for _ in 0..<3 { #expect(try await client.allTags("a/b") == ["1", "2"]) }
            let tokens = server.requests.filter { $0.path == "/token" }
            #expect(tokens.count == 1)
            #expect(tokens[0].target == "/token?service=test&scope=repository%3Aa%2Fb%3Apull&account=ci-reader")
            #expect(tokens[0]["Authorization"]?.hasPrefix("Basic ") == true)
            // One without, to learn the challenge, then one for each list.
            let lists = server.requests.filter { $0.path != "/token" }
            #expect(lists.count == 4)
            #expect(lists[0]["Authorization"] == nil)
            #expect(lists.dropFirst().allSatisfy { $0["Authorization"] == "Bearer granted-repositoryabpull" })
        }
    }

    @Test func nobodyGetsATokenToo() async throws {
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port)
            #expect(try await client.allTags("a/b") == ["1", "2"])
            let token = try #require(server.requests.first { $0.path == "/token" })
            #expect(token["Authorization"] == nil)
            #expect(!token.target.contains("account"))
        }
    }

    @Test func openRegistryIsAskedWithoutTheSecret() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(TokenFlowTests.tags)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port, canary.login())
                #expect(try await client.ping().isOpen)
                #expect(try await client.allTags("a/b") == ["1", "2"])
                #expect(!canary.isIn(server.wire))
            }
        }
    }

    @Test func basicGoesToTheRegistryThatAsksForIt() async throws {
        let canary = Canary()
        try await WireServer.run { request in
            request["Authorization"] == nil ? .challenge(#"Basic realm="x""#) : .json(TokenFlowTests.tags)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port, canary.login())
                #expect(try await client.allTags("a/b") == ["1", "2"])
                #expect(try await client.allTags("a/b") == ["1", "2"])
                #expect(server.requests.count == 3)
                #expect(canary.isIn(server.requests[1].text))
            }
        }
    }

    @Test func tokenBeatsBasicWhereBothAreOffered() async throws {
        let canary = Canary()
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) })
        try await WireServer.run { request in
            guard request.path != "/token", request["Authorization"] == nil else { return registry.handle(request) }
            let realm =
                #"Bearer realm="http://registry.test:\#(request["Host"]?.split(separator: ":").last ?? "")/token""#
            return .challenge(#"Basic realm="x", "# + realm)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port, canary.login())
                #expect(try await client.allTags("a/b") == ["1", "2"])
                #expect(server.requests.filter { canary.isIn($0.text) }.map(\.path) == ["/token"])
            }
        }
    }

    /// Harbor sends `access_token` empty, others only it, and a minute is meant when nothing is said.
    @Test(arguments: [
        (#"{"token":"granted-repositoryabpull"}"#, 60),
        (#"{"token":"","access_token":"granted-repositoryabpull"}"#, 60),
        (#"{"token":null,"access_token":"granted-repositoryabpull","expires_in":120}"#, 120),
        (#"{"token":"granted-repositoryabpull","expires_in":"90"}"#, 90),
        (#"{"token":"granted-repositoryabpull","expires_in":90.5}"#, 90),
        (#"{"token":"granted-repositoryabpull","expires_in":-5}"#, 60),
        (#"{"token":"granted-repositoryabpull","expires_in":1e300}"#, 86_400),
        (#"{"token":"granted-repositoryabpull","expires_in":{}}"#, 60),
    ])
    func answersOfTokenServicesAreRead(body: String, seconds: Int) async throws {
        let clock = ManualTime()
        let registry = TestRegistry(tokenAnswer: { _ in .json(body) }, answer: { _ in .json(TokenFlowTests.tags) })
        try await registry.serve(time: clock.time) { server, outbound in
            let client = try outbound.registry(server.port, tokens: TokenCache(time: clock.time))
            #expect(try await client.allTags("a/b") == ["1", "2"])
            let token = try await client.token(scopes: [.pull("a/b")])
            #expect(Int(token.expiresAt.timeIntervalSince(clock.start)) == seconds)
            #expect(server.requests.count { $0.path == "/token" } == 1)
            // Ten seconds before its end it is no longer used.
            clock.advance(by: .seconds(seconds - 11))
            _ = try await client.token(scopes: [.pull("a/b")])
            #expect(server.requests.count { $0.path == "/token" } == 1)
            clock.advance(by: .seconds(2))
            _ = try await client.token(scopes: [.pull("a/b")])
            #expect(server.requests.count { $0.path == "/token" } == 2)
        }
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"token":""}"#, #"{"token":5}"#, "<html>", String(repeating: "[", count: 60_000),
        #"{"token":"a\r\nX-Evil: 1"}"#,
    ])
    func whatIsNoTokenIsAnError(body: String) async throws {
        let registry = TestRegistry(tokenAnswer: { _ in .json(body) })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port)
            let error = await registryError { _ = try await client.allTags("a/b") }
            #expect(error?.code == .upstreamMisbehaved)
            #expect(!server.wire.contains("X-Evil"))
        }
    }

    /// Docker's identity tokens go by POST, and by GET to the many services that know nothing else.
    @Test(arguments: [200, 400, 401, 404, 405])
    func identityTokenIsPostedFirst(status: Int) async throws {
        let canary = Canary()
        let login = RegistryLogin(id: UUID(), version: 1, username: "<token>", password: canary.secret)
        let registry = TestRegistry(
            tokenAnswer: { request in
                guard request.method == "POST" else { return nil }
                return status == 200 ? .json(#"{"access_token":"granted-post"}"#) : .status(status)
            },
            answer: { _ in .json(TokenFlowTests.tags) }
        )
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, login)
            #expect(try await client.allTags("a/b") == ["1", "2"])
            let tokens = server.requests.filter { $0.path == "/token" }
            #expect(tokens.map(\.method) == (status == 200 ? ["POST"] : ["POST", "GET"]))
            #expect(tokens[0].body.contains("grant_type=refresh_token"))
            #expect(tokens[0].body.hasSuffix("refresh_token=\(canary.text)"))
            #expect(tokens[0].target == "/token")
        }
    }

    @Test func claimsAndRealmComeWithTheToken() async throws {
        let token = TokenValueTests.token(#"{"access":[{"type":"repository","name":"a/b","actions":["pull"]}]}"#)
        let text = token.withBytes { String(decoding: $0, as: UTF8.self) }
        let registry = TestRegistry(tokenAnswer: { _ in .json(#"{"token":"\#(text)"}"#) })
        try await registry.serve { server, outbound in
            let granted = try await outbound.registry(server.port, Canary().login()).token(scopes: [.pull("a/b")])
            #expect(granted.claims?.actions(on: "a/b") == ["pull"])
            #expect(granted.realm == "http://registry.test:\(server.port)")
            #expect(granted.service == "test")
            #expect(!"\(granted)".contains(text))
        }
    }

    @Test(arguments: [
        (404, RegistryError.Code.unsupported), (403, .insufficientScope), (500, .upstreamFailed), (429, .rateLimited),
        (302, .upstreamMisbehaved),
    ])
    func whatIsNoRegistryIsTold(status: Int, code: RegistryError.Code) async throws {
        try await WireServer.run { _ in
            .status(status, headers: [("Location", "/login")], body: "<html>hello</html>")
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port)
                #expect(await registryError { _ = try await client.ping() }?.code == code)
            }
        }
    }
}
