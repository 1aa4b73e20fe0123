import Registries
import RegistryStubs
import Testing

/// Answers that send somewhere else.
///
/// Each test is one trick that a registry, or who speaks for it, may play to get a secret, or a request, to where it does not belong;
/// each asserts that the secret reached nobody else, and that the error has a clear code.
@Suite struct RedirectAttackTests {
    /// The token belongs to the registry, and the token service never sees one; the registry never sees the secret.
    @Test func tokenServiceThatRedirectsGetsNothingSentOn() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(#"{"token":"granted-x"}"#)
        } _: { other in
            for status in [301, 302, 303, 307, 308] {
                let target = "http://other.test:\(other.port)/token"
                let registry = TestRegistry(tokenAnswer: { _ in .redirect(target, status: status) })
                try await registry.serve { server, outbound in
                    let client = try outbound.registry(server.port, canary.login())
                    #expect(
                        await registryError { _ = try await client.allTags("a/b") }?.code == .upstreamMisbehaved
                    )
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    @Test(arguments: ["tags", "manifest", "ping", "head"])
    func redirectOfTheAPIIsNotFollowedElsewhere(call: String) async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(#"{"tags":["evil"]}"#)
        } _: { other in
            let target = "http://other.test:\(other.port)/"
            try await WireServer.run { request in
                request["Authorization"] == nil && call != "ping" ? .challenge(#"Basic realm="x""#) : .redirect(target)
            } _: { server in
                try await withOutbound { outbound in
                    let client = try outbound.registry(server.port, canary.login())
                    let error = await registryError {
                        switch call {
                        case "tags": _ = try await client.allTags("a/b")
                        case "manifest": _ = try await client.manifest("a/b", .tag("x"))
                        case "head": _ = try await client.head("a/b", .tag("x"))
                        default: _ = try await client.ping()
                        }
                    }
                    #expect(error?.code == .upstreamMisbehaved)
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    /// The list goes on at another host: neither the token nor a request goes there.
    @Test func listThatGoesOnElsewhereIsRefused() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(#"{"tags":["evil"]}"#)
        } _: { other in
            for link in [
                "http://other.test:\(other.port)/x", "//other.test:\(other.port)/x",
                "http://registry.test:\(other.port)/x", "http://other.test:\(other.port)/v2/a/b/tags/list",
                "http://other.test:\(other.port)/v2/a/c/tags/list?last=a",
            ] {
                let registry = TestRegistry(answer: { _ in
                    .json(#"{"tags":["a"]}"#, [("Link", "<\(link)>; rel=\"next\"")])
                })
                try await registry.serve { server, outbound in
                    let client = try outbound.registry(server.port, canary.login())
                    #expect(
                        await registryError { _ = try await client.allTags("a/b") }?.code == .upstreamMisbehaved
                    )
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    /// Quay names the host of its configuration in its links. The list goes on where it began, and the other host hears nothing.
    @Test func sameListAtAnotherHostGoesOnHere() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(#"{"tags":["evil"]}"#)
        } _: { other in
            for host in ["http://other.test:\(other.port)", "//other.test:\(other.port)", "https://registry.test"] {
                let registry = TestRegistry(answer: { request in
                    guard !request.target.contains("next_page") else { return .json(#"{"tags":["b"]}"#) }
                    let link = "<\(host)/v2/a/b/tags/list?next_page=gAAA%3D&n=1>; rel=\"next\""
                    return .json(#"{"tags":["a"]}"#, [("Link", link)])
                })
                try await registry.serve { server, outbound in
                    let tags = try await outbound.registry(server.port, canary.login()).allTags("a/b")
                    #expect(tags == ["a", "b"])
                    #expect(server.targets.last == "GET /v2/a/b/tags/list?next_page=gAAA%3D&n=1")
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    @Test func blobRedirectToAnInnerAddressIsRefused() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .ok("inner")
        } _: { inner in
            for target in [
                "http://inner.test:\(inner.port)/", "http://127.0.0.1:\(inner.port)/", "http://169.254.169.254/",
            ] {
                let registry = TestRegistry(answer: { _ in .redirect(target) })
                try await WireServer.run {
                    registry.handle($0)
                } _: { server in
                    let names = ScriptedNames(loopback: "registry.test", "inner.test")
                    let plain: Set<String> = ["registry.test", "inner.test", "127.0.0.1", "169.254.169.254"]
                    try await withOutbound(names, plain: plain, local: ["registry.test"]) { outbound in
                        let client = try outbound.registry(server.port, canary.login())
                        let error = await registryError {
                            _ = try await BlobTests.read(client, BlobTests.descriptor())
                        }
                        #expect(error?.code == .addressForbidden)
                        #expect(inner.requests.isEmpty)
                    }
                }
            }
        }
    }
}
