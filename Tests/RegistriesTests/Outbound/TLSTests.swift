import RegistryStubs
import Sealing
import Testing

@testable import Registries

/// Certificates are verified for the name that was asked for, at the address that was checked.
@Suite struct TLSTests {
    static func get(_ port: Int, _ trust: TLSTrust?, host: String = "registry.test") throws -> OutboundRequest {
        OutboundRequest(.get, try OutboundURL("https://\(host):\(port)/"), bodyLimit: .object, trust: trust)
    }

    @Test func privateAuthorityIsTrustedWhenGiven() async throws {
        try await TestAuthority.run { authority in
            let tls = try authority.server(await authority.issue("DNS:registry.test"))
            try await WireServer.run(tls: tls) { _ in
                .ok("ok")
            } _: { server in
                try await withOutbound(plain: []) { client in
                    let response = try await client.send(TLSTests.get(server.port, authority.trust()))
                    #expect(response.body == Array("ok".utf8))
                    // The same host without the authority: a connection of the trusting client is not used for it.
                    let error = await registryError { _ = try await client.send(TLSTests.get(server.port, nil)) }
                    #expect(error?.code == .tlsUntrusted)
                    #expect(error?.hint?.contains("caCertificatePem") == true)
                    #expect(server.requests.count == 1)
                }
            }
        }
    }

    @Test func certificateOfAnotherNameIsRefused() async throws {
        try await TestAuthority.run { authority in
            let tls = try authority.server(await authority.issue("DNS:other.test,IP:127.0.0.1"))
            try await WireServer.run(tls: tls) { _ in
                .ok("ok")
            } _: { server in
                try await withOutbound(plain: []) { client in
                    let trust = try authority.trust()
                    let error = await registryError { _ = try await client.send(TLSTests.get(server.port, trust)) }
                    #expect(error?.code == .tlsUntrusted)
                    #expect(error?.message.contains("another host") == true)
                    #expect(server.requests.isEmpty)
                    // An address in the URL is looked for among the certificate's addresses.
                    #expect(try await client.send(TLSTests.get(server.port, trust, host: "127.0.0.1")).status == 200)
                }
            }
        }
    }

    /// A name is as good as its certificate's DNS name; the address it is at, and the common name, say nothing.
    @Test(arguments: [
        "IP:127.0.0.1", "DNS:registry.test.other.test", "DNS:*.test", "email:a@registry.test",
        "URI:https://registry.test/",
    ])
    func onlyADNSNameStandsForAName(names: String) async throws {
        try await TestAuthority.run { authority in
            let tls = try authority.server(await authority.issue(names, name: "registry.test"))
            try await WireServer.run(tls: tls) { _ in
                .ok("ok")
            } _: { server in
                try await withOutbound(plain: []) { client in
                    let trust = try authority.trust()
                    let error = await registryError { _ = try await client.send(TLSTests.get(server.port, trust)) }
                    #expect(error?.code == .tlsUntrusted)
                    #expect(server.requests.isEmpty)
                }
            }
        }
    }

    @Test(arguments: [
        ("a.b.test", "a.b.test", true), ("*.b.test", "a.b.test", true), ("A.B.test.", "a.b.test", true),
        ("*.b.test", "b.test", false), ("*.b.test", "x.a.b.test", false), ("*.test", "a.test", false),
        ("a*.b.test", "ab.b.test", false), ("*", "test", false), ("*.*.test", "a.b.test", false), ("", "a.test", false),
        ("*.b.test", ".b.test", false),
    ])
    func namesOfCertificates(name: String, host: String, covers: Bool) {
        #expect(CertificateName.covers(name, host) == covers)
    }

    @Test func clientCertificateIsShownWhereItIsGiven() async throws {
        try await TestAuthority.run { authority in
            let pair = try await authority.issue("DNS:registry.test")
            let tls = try authority.server(pair, asksForClient: true)
            let client = try await authority.issue("DNS:client.test")
            try await WireServer.run(tls: tls) { _ in
                .ok("ok")
            } _: { server in
                try await withOutbound(plain: []) { outbound in
                    let shown = try await outbound.send(TLSTests.get(server.port, authority.trust(client: client)))
                    #expect(shown.status == 200)
                    for trust in [try authority.trust(), try authority.trust(client: client).withoutClientCertificate] {
                        let error = await registryError {
                            _ = try await outbound.send(TLSTests.get(server.port, trust))
                        }
                        #expect(error.map { [.tlsUntrusted, .unreachable].contains($0.code) } == true)
                    }
                    #expect(server.requests.count == 1)
                }
            }
        }
    }

    @Test func portWithoutTLSIsTold() async throws {
        var limits = OutboundLimits.patient
        limits.connect = .milliseconds(300)
        try await WireServer.run { _ in
            .ok("plain")
        } _: { server in
            try await withOutbound(limits: limits) { client in
                // A client hello is no request, so this server never answers; one that writes first is met at once.
                let request = OutboundRequest(
                    .get,
                    try OutboundURL("https://registry.test:\(server.port)/"),
                    bodyLimit: .object,
                    deadlines: .brief
                )
                let error = await registryError { _ = try await client.send(request) }
                #expect(error.map { [.timeout, .tlsUntrusted].contains($0.code) } == true)
            }
        }
    }

    @Test(
        arguments: [
            ("caCertificatePem", "no certificate", nil, nil), ("caCertificatePem", "", nil, nil),
            ("clientKeyPem", nil, "x", nil), ("clientCertificatePem", nil, nil, "x"),
            ("clientCertificatePem", nil, "x", "x"),
            ("caCertificatePem", String(repeating: "x", count: 600_000), nil, nil),
        ] as [(String, String?, String?, String?)]
    )
    func unusableTextNamesItsField(field: String, ca: String?, certificate: String?, key: String?) {
        do {
            _ = try TLSTrust(
                caCertificatePEM: ca,
                clientCertificatePEM: certificate,
                clientKeyPEM: key.map { Secret($0) }
            )
            Issue.record("no error")
        } catch {
            #expect(error.field.rawValue == field)
        }
    }

    @Test func keyOfAnotherFormNamesItsField() async throws {
        try await TestAuthority.run { authority in
            let pair = try await authority.issue("DNS:client.test")
            #expect(throws: TLSTrust.ValidationError.self) {
                try TLSTrust(clientCertificatePEM: pair.certificatePEM, clientKeyPEM: Secret(pair.certificatePEM))
            }
            let trust = try TLSTrust(clientCertificatePEM: pair.certificatePEM, clientKeyPEM: Secret(pair.keyPEM))
            var dumped = ""
            dump(trust, to: &dumped)
            #expect(!dumped.contains("PRIVATE KEY"))
        }
    }
}
