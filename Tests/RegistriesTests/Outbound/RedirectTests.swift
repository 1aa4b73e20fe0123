import Registries
import RegistryStubs
import Sealing
import Testing

/// Redirects are followed by hand, where the rule says so, and never with anything that is not theirs to see.
@Suite struct RedirectTests {
    static func request(_ port: Int, _ rule: RedirectRule, _ canary: Canary = Canary()) throws -> OutboundRequest {
        OutboundRequest(
            .get,
            try OutboundURL("http://registry.test:\(port)/start"),
            headers: [("Accept", "a/b"), ("Range", "bytes=1-"), ("X-Private", canary.text)],
            authorization: .basic(username: canary.username, password: canary.secret),
            bodyLimit: .object,
            redirects: rule
        )
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectIsAnErrorByDefault(status: Int) async throws {
        try await WireServer.run { _ in
            .redirect("/elsewhere", status: status)
        } _: { server in
            try await withOutbound { client in
                let request = try RedirectTests.request(server.port, .never)
                let error = await registryError { _ = try await client.send(request) }
                #expect(error?.code == .upstreamMisbehaved)
                #expect(error?.upstream?.status == status)
                #expect(server.targets == ["GET /start"])
            }
        }
    }

    @Test func redirectWithinTheOriginKeepsTheAuthorization() async throws {
        try await WireServer.run {
            $0.path == "/start" ? .redirect("next?n=1") : .ok("there")
        } _: { server in
            try await withOutbound { client in
                let request = try RedirectTests.request(server.port, .sameOrigin(hops: 2))
                let response = try await client.send(request)
                #expect(response.url.target == "/next?n=1")
                #expect(server.targets == ["GET /start", "GET /next?n=1"])
                #expect(server.requests[1]["Authorization"] != nil)
            }
        }
    }

    /// Another port is another origin.
    @Test(arguments: ["http://other.test:%", "http://registry.test:%", "//other.test:%/x"])
    func redirectToAnotherOriginIsRefusedWhereOnlyTheOriginIsMeant(location: String) async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .ok("other")
        } _: { other in
            let target = location.replacing("%", with: "\(other.port)")
            try await WireServer.run { _ in
                .redirect(target)
            } _: { server in
                try await withOutbound { client in
                    let request = try RedirectTests.request(server.port, .sameOrigin(hops: 2), canary)
                    #expect(await registryError { _ = try await client.send(request) }?.code == .upstreamMisbehaved)
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    @Test func blobRedirectLosesEverySecret() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .ok("blob")
        } _: { other in
            let target = "http://other.test:\(other.port)/b?X-Amz-Signature=a%2Fb%3D"
            try await WireServer.run { _ in
                .redirect(target)
            } _: { server in
                try await withOutbound { client in
                    let request = try RedirectTests.request(server.port, .anywhereAnonymously(hops: 5), canary)
                    let response = try await client.send(request)
                    #expect(response.body == Array("blob".utf8))
                    #expect(other.targets == ["GET /b?X-Amz-Signature=a%2Fb%3D"])
                    #expect(!canary.isIn(other.wire))
                    #expect(other.requests[0]["Range"] == "bytes=1-")
                    #expect(other.requests[0]["Authorization"] == nil)
                }
            }
        }
    }

    @Test func anonymousRedirectStaysAnonymousWithinTheOrigin() async throws {
        try await WireServer.run {
            $0.path == "/start" ? .redirect("/next") : .ok("there")
        } _: { server in
            try await withOutbound { client in
                _ = try await client.send(RedirectTests.request(server.port, .anywhereAnonymously(hops: 5)))
                #expect(server.requests[1]["Authorization"] == nil)
            }
        }
    }

    @Test(arguments: [RedirectRule.sameOrigin(hops: 3), .anywhereAnonymously(hops: 3)])
    func circleEndsAtTheHopLimit(rule: RedirectRule) async throws {
        try await WireServer.run { _ in
            .redirect("/start")
        } _: { server in
            try await withOutbound { client in
                let request = try RedirectTests.request(server.port, rule)
                let error = await registryError { _ = try await client.send(request) }
                #expect(error?.code == .upstreamMisbehaved)
                #expect(error?.message.contains("too often") == true)
                #expect(server.requests.count == 4)
            }
        }
    }

    @Test func redirectFromTLSToPlainIsRefused() async throws {
        let canary = Canary()
        try await TestAuthority.run { authority in
            let tls = try authority.server(await authority.issue("DNS:registry.test"))
            try await WireServer.run { _ in
                .ok("other")
            } _: { other in
                let target = "http://other.test:\(other.port)/b"
                try await WireServer.run(tls: tls) { _ in
                    .redirect(target)
                } _: { server in
                    try await withOutbound { client in
                        var request = try RedirectTests.request(server.port, .anywhereAnonymously(hops: 5), canary)
                        request.url = try OutboundURL("https://registry.test:\(server.port)/start")
                        request.trust = try authority.trust()
                        let error = await registryError { _ = try await client.send(request) }
                        #expect(error?.message.contains("https to http") == true)
                        #expect(other.requests.isEmpty)
                    }
                }
            }
        }
    }

    /// The target passes the whole policy again.
    @Test(arguments: [
        ("http://169.254.169.254/latest/meta-data/", RegistryError.Code.addressForbidden),
        ("http://inner.test:%/", .addressForbidden), ("https://inner.test:%/", .addressForbidden),
        ("https://[::ffff:7f00:1]:%/", .addressForbidden), ("ftp://other.test/x", .upstreamMisbehaved),
        ("http://user:pass@other.test/", .upstreamMisbehaved), ("http://0x7f.1:%/", .upstreamMisbehaved),
        ("file:///etc/passwd", .upstreamMisbehaved), ("", .upstreamMisbehaved),
    ])
    func redirectTargetPassesThePolicy(location: String, code: RegistryError.Code) async throws {
        try await WireServer.run { _ in
            .ok("inner")
        } _: { inner in
            let target = location.replacing("%", with: "\(inner.port)")
            try await WireServer.run {
                $0.path == "/start" ? .redirect(target) : .redirect("")
            } _: { server in
                let names = ScriptedNames(loopback: "registry.test", "inner.test")
                try await withOutbound(
                    names,
                    plain: ["registry.test", "inner.test", "169.254.169.254"],
                    local: ["registry.test"]
                ) {
                    client in
                    let request = try RedirectTests.request(server.port, .anywhereAnonymously(hops: 5))
                    #expect(await registryError { _ = try await client.send(request) }?.code == code)
                    #expect(inner.requests.isEmpty)
                }
            }
        }
    }

    @Test func postIsNeverRedirected() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .ok("other")
        } _: { other in
            let target = "http://other.test:\(other.port)/"
            try await WireServer.run { _ in
                .redirect(target, status: 307)
            } _: { server in
                try await withOutbound { client in
                    var request = try RedirectTests.request(server.port, .anywhereAnonymously(hops: 5), canary)
                    request.method = .post
                    request.body = .init(contentType: "text/plain", bytes: canary.secret)
                    #expect(await registryError { _ = try await client.send(request) }?.code == .upstreamMisbehaved)
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    @Test func redirectWithoutLocationIsNoAnswer() async throws {
        try await WireServer.run { _ in
            .status(302)
        } _: { server in
            try await withOutbound { client in
                let request = try RedirectTests.request(server.port, .anywhereAnonymously(hops: 5))
                #expect(await registryError { _ = try await client.send(request) }?.code == .upstreamMisbehaved)
            }
        }
    }
}
