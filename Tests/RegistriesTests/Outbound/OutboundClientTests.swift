import Foundation
import Logging
import RegistryStubs
import Sealing
import Testing

@testable import Registries

@Suite struct OutboundClientTests {
    @Test func requestArrivesByteForByteAndWithNothingElse() async throws {
        try await WireServer.run { _ in
            .ok("{}", [("X-Two", "a"), ("x-two", "b")])
        } _: { server in
            try await withOutbound { client in
                let target = "/api/v2.0/projects/p/repositories/a%252Fb/artifacts?q=a%2Cb&n=1&sig=x%2By=="
                let url = try OutboundURL("http://registry.test:\(server.port)\(target)")
                let response = try await client.send(
                    OutboundRequest(.get, url, headers: [("Accept", "application/json")], bodyLimit: .object)
                )
                #expect(response.status == 200)
                #expect(response.body == Array("{}".utf8))
                #expect(response.headers.all("X-TWO") == ["a", "b"])
                #expect(server.targets == ["GET \(target)"])
                let headers = server.requests[0].headers.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
                #expect(
                    headers == [
                        "accept-encoding: identity", "accept: application/json", "host: registry.test:\(server.port)",
                        "user-agent: pratique/0-test",
                    ]
                )
            }
        }
    }

    /// What the client decides itself, or what is a secret, cannot be slipped in as a plain header.
    @Test func reservedHeadersAreNotSent() async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound { client in
                let names = [
                    "Authorization", "cookie", "HOST", "Accept-Encoding", "Content-Length", "Transfer-Encoding",
                    "Proxy-Authorization", "Connection", "Expect",
                ]
                let request = OutboundRequest(
                    .get,
                    try OutboundURL("http://registry.test:\(server.port)/"),
                    headers: names.map { ($0, "evil") },
                    bodyLimit: .object
                )
                _ = try await client.send(request)
                #expect(!server.wire.contains("evil"))
            }
        }
    }

    @Test(arguments: [200, 204, 304, 400, 401, 403, 404, 405, 412, 418, 500, 502, 599])
    func everyStatusIsAnAnswer(status: Int) async throws {
        try await WireServer.run { _ in
            .status(status)
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                let response = try await client.send(OutboundRequest(.get, url, bodyLimit: .object))
                #expect(response.status == status)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test func headHasNoBodyWhateverItsLength() async throws {
        try await WireServer.run { _ in
            WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "99999999")]))])
        } _: {
            server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                let response = try await client.send(OutboundRequest(.head, url, bodyLimit: .object))
                #expect(response.body.isEmpty)
                #expect(response.head.contentLength == 99_999_999)
            }
        }
    }

    @Test func secretsGoAsAuthorizationAndBody() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                var request = OutboundRequest(.post, url, bodyLimit: .object)
                request.body = .init(contentType: "application/json", bytes: Secret(#"{"x":1}"#))
                request.authorization = .basic(username: "ci-reader", password: canary.secret)
                _ = try await client.send(request)
                request.authorization = .bearer(canary.secret)
                _ = try await client.send(request)
                #expect(canary.isIn(server.requests[0]["Authorization"] ?? ""))
                #expect(server.requests[0]["Authorization"]?.hasPrefix("Basic ") == true)
                #expect(server.requests[1]["Authorization"] == "Bearer \(canary.text)")
                #expect(server.requests.map(\.body) == [#"{"x":1}"#, #"{"x":1}"#])
                #expect(server.requests[0]["Content-Type"] == "application/json")
                #expect(!canary.isIn("\(request)"))
            }
        }
    }

    @Test(arguments: ["a b", "a\r\nX-Evil: 1", "", "t\u{e9}"])
    func tokenThatNoHeaderHoldsIsNotSent(token: String) async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                let request = OutboundRequest(.get, url, authorization: .bearer(Secret(token)), bodyLimit: .object)
                #expect(await registryError { _ = try await client.send(request) }?.code == .upstreamMisbehaved)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func usernameWithColonIsNotSent() async throws {
        try await withOutbound { client in
            let url = try OutboundURL("http://registry.test:1/")
            let authorization = OutboundRequest.Authorization.basic(username: "a:b", password: Secret("x"))
            let request = OutboundRequest(.get, url, authorization: authorization, bodyLimit: .object)
            #expect(await registryError { _ = try await client.send(request) }?.code == .authenticationFailed)
        }
    }

    /// Harbor's session cookie would turn later requests into another identity, and into 403s.
    @Test func cookiesAreNotKept() async throws {
        try await WireServer.run { _ in
            .ok("", [("Set-Cookie", "sid=abc; Path=/"), ("Set-Cookie", "x=y")])
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                for _ in 0..<3 { _ = try await client.send(OutboundRequest(.get, url, bodyLimit: .object)) }
                #expect(server.requests.count == 3)
                #expect(server.requests.allSatisfy { $0["Cookie"] == nil })
            }
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await WireServer.run { _ in
            .ok("x")
        } _: { server in
            let names = ScriptedNames(loopback: "registry.test")
            try await withOutbound(names) { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                for _ in 0..<5 { _ = try await client.send(OutboundRequest(.get, url, bodyLimit: .object)) }
                #expect(names.lookUps == ["registry.test"])
            }
        }
    }

    /// Nothing between us and the wire rewrites a path or a query: random ones of all that a URL may hold arrive as they are,
    /// but for escapes that are no UTF-8, which are not sent at all.
    @Test func randomTargetsArriveByteForByte() async throws {
        let alphabet = Array("abzABZ059-._~!$&'()*+,;=:@/?%")
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound { client in
                var sent: [String] = []
                for _ in 0..<300 {
                    let tail = String((0..<Int.random(in: 0...30)).map { _ in alphabet.randomElement() ?? "a" })
                    let url = try OutboundURL("http://registry.test:\(server.port)/" + tail)
                    let request = OutboundRequest(.get, url, bodyLimit: .object)
                    if OutboundURL.decoded(url.path) != nil {
                        let response = try? await client.send(request)
                        #expect(response != nil, "not sent: \(url.target)")
                        sent.append("GET \(url.target)")
                    } else {
                        #expect(await registryError { _ = try await client.send(request) } != nil)
                    }
                }
                let changed = zip(server.targets, sent).filter { $0 != $1 }
                #expect(changed.isEmpty, "arrived and sent: \(changed)")
                #expect(server.targets.count == sent.count)
            }
        }
    }

    @Test func oneLookUpServesAllWhoAsk() async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            let names = ScriptedNames(loopback: "registry.test")
            let gate = Waited<Void>()
            let slow = HostResolver { host in
                _ = try names.lookUp(host)
                try await gate.value
                return ["127.0.0.1"]
            }
            let client = OutboundClient(
                policy: OutboundPolicy(plainHTTPHosts: ["registry.test"], privateHosts: ["registry.test"]),
                version: "0",
                logger: .init(label: "test"),
                resolver: slow
            )
            let request = OutboundRequest(
                .get,
                try OutboundURL("http://registry.test:\(server.port)/"),
                bodyLimit: .object
            )
            let tasks = (0..<8).map { _ in Task { try await client.send(request).status } }
            // Whoever comes later finds the answer, whoever came first waits for it: one look-up either way.
            gate.finish(.success(()))
            for task in tasks { #expect(try await task.value == 200) }
            #expect(names.lookUps == ["registry.test"])
            await client.shutdown()
        }
    }

    @Test func afterShutdownNothingIsSent() async throws {
        try await WireServer.run { _ in
            .ok("x")
        } _: { server in
            try await withOutbound { client in
                await client.shutdown()
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                let error = await registryError {
                    _ = try await client.send(OutboundRequest(.get, url, bodyLimit: .object))
                }
                #expect(error?.code == .unreachable)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func cancelledRequestEnds() async throws {
        try await WireServer.run { _ in
            WireAnswer(steps: [.stall])
        } _: { server in
            try await withOutbound { client in
                let url = try OutboundURL("http://registry.test:\(server.port)/")
                let task = Task { try await client.send(OutboundRequest(.get, url, bodyLimit: .object)) }
                await server.received(1)
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
        }
    }
}
