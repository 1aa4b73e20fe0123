import Foundation
import Registries
import RegistryStubs
import Sealing
import Testing

/// One token for all who may share it, and one try for a secret that is refused.
@Suite struct TokenSharingTests {
    @Test func manyWaitersShareOneToken() async throws {
        let canary = Canary()
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, canary.login())
            _ = try await client.ping()
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<64 { group.addTask { try await client.allTags("a/b") } }
                for try await tags in group { #expect(tags == ["1", "2"]) }
            }
            #expect(server.requests.count { $0.path == "/token" } == 1)
        }
    }

    /// Another login, version or scope is another token: nobody gets what was granted to somebody else.
    @Test func tokensAreNotSharedBetweenLoginsAndVersions() async throws {
        let registry = TestRegistry(answer: { _ in .json(TokenFlowTests.tags) })
        try await registry.serve { server, outbound in
            let tokens = TokenCache()
            let id = UUID()
            for version in 1...2 {
                let login = RegistryLogin(id: id, version: Int64(version), username: "u", password: Secret("p"))
                _ = try await outbound.registry(server.port, login, tokens: tokens).allTags("a/b")
            }
            _ = try await outbound.registry(server.port, Canary().login(), tokens: tokens).allTags("a/b")
            let nobody = try outbound.registry(server.port, tokens: tokens)
            _ = try await nobody.allTags("a/b")
            _ = try await nobody.allTags("a/c")
            #expect(server.requests.count { $0.path == "/token" } == 5)
        }
    }

    /// A burst with a bad secret costs one try: registries lock accounts, and each wrong one is slow.
    @Test(arguments: [401, 403])
    func refusedSecretIsNotSentAgainInABurst(status: Int) async throws {
        let clock = ManualTime()
        let canary = Canary()
        let registry = TestRegistry(tokenAnswer: { _ in .json(#"{"details":"no"}"#, status: status) })
        try await registry.serve(time: clock.time) { server, outbound in
            let client = try outbound.registry(server.port, canary.login(), tokens: TokenCache(time: clock.time))
            for repository in ["a/b", "a/b", "a/c"] {
                let error = await registryError { _ = try await client.allTags(repository) }
                #expect(error?.code == .authenticationFailed)
            }
            #expect(server.requests.count { canary.isIn($0.text) } == 1)
            clock.advance(by: .seconds(11))
            _ = await registryError { _ = try await client.allTags("a/b") }
            #expect(server.requests.count { canary.isIn($0.text) } == 2)
        }
    }

    @Test func refusedBasicIsNotSentAgainInABurst() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .challenge(#"Basic realm="x""#)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port, canary.login())
                for _ in 0..<3 {
                    #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .authenticationFailed)
                }
                #expect(server.requests.count { canary.isIn($0.text) } == 1)
            }
        }
    }
}
