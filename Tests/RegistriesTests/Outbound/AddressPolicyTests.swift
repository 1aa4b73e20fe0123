import Logging
import Registries
import RegistryStubs
import Testing

/// Where the client connects is decided on the resolved address, and the connection goes to that very address.
@Suite struct AddressPolicyTests {
    static func get(_ url: String) throws -> OutboundRequest {
        OutboundRequest(.get, try OutboundURL(url), bodyLimit: .object)
    }

    @Test func plainHTTPNeedsTheOperatorsWord() async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound(plain: ["other.test"]) { client in
                let request = try AddressPolicyTests.get("http://registry.test:\(server.port)/")
                let error = await registryError { _ = try await client.send(request) }
                #expect(error?.code == .addressForbidden)
                #expect(error?.hint?.contains("plain-http-hosts") == true)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func hostMayBeNamedWithItsPort() async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            let place = "registry.test:\(server.port)"
            try await withOutbound(plain: [place], local: [place]) { client in
                #expect(try await client.send(AddressPolicyTests.get("http://\(place)/")).status == 200)
                let other = try AddressPolicyTests.get("http://registry.test:\(server.port == 1 ? 2 : 1)/")
                #expect(await registryError { _ = try await client.send(other) }?.code == .addressForbidden)
            }
        }
    }

    @Test(arguments: [
        "127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0", "169.254.169.254", "fd00:ec2::254",
    ])
    func nameAtAForbiddenAddressIsNotConnectedTo(address: String) async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound(ScriptedNames(["registry.test": [[address]]]), local: []) { client in
                let request = try AddressPolicyTests.get("http://registry.test:\(server.port)/")
                let error = await registryError { _ = try await client.send(request) }
                #expect(error?.code == .addressForbidden)
                #expect(error?.description.contains(address) == false)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test(arguments: [
        "http://127.0.0.1", "http://[::1]", "http://[::ffff:7f00:1]", "https://169.254.169.254", "https://[fe80::1]",
    ])
    func literalAddressIsJudgedToo(origin: String) async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            try await withOutbound(plain: ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"], local: []) { client in
                let request = try AddressPolicyTests.get("\(origin):\(server.port)/")
                #expect(await registryError { _ = try await client.send(request) }?.code == .addressForbidden)
                #expect(server.requests.isEmpty)
            }
        }
    }

    /// The operator's exception is for loopback and private addresses; metadata services stay shut.
    @Test(arguments: ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "224.0.0.1", "0.0.0.0"])
    func exceptionDoesNotOpenMetadataAddresses(address: String) async throws {
        try await withOutbound(ScriptedNames(["registry.test": [[address]]])) { client in
            let request = try AddressPolicyTests.get("http://registry.test:80/")
            #expect(await registryError { _ = try await client.send(request) }?.code == .addressForbidden)
        }
    }

    @Test func privateAddressesCanBeSwitchedOff() async throws {
        let names = ScriptedNames(["registry.test": [["10.255.255.1"]]])
        try await withOutbound(names, local: [], allowsPrivateAddresses: false) { client in
            let request = try AddressPolicyTests.get("https://registry.test/")
            #expect(await registryError { _ = try await client.send(request) }?.code == .addressForbidden)
        }
    }

    /// One bad address among good ones is an attempt.
    @Test func everyAddressOfANameIsChecked() async throws {
        try await WireServer.run { _ in
            .ok("")
        } _: { server in
            let names = ScriptedNames(["registry.test": [["127.0.0.1", "169.254.169.254"]]])
            try await withOutbound(names) { client in
                let request = try AddressPolicyTests.get("http://registry.test:\(server.port)/")
                #expect(await registryError { _ = try await client.send(request) }?.code == .addressForbidden)
                #expect(server.requests.isEmpty)
            }
        }
    }

    /// The name is no name of any name server, so nothing below can have resolved it again.
    @Test func connectionGoesToTheAddressThatWasChecked() async throws {
        try await WireServer.run(host: "127.0.0.2") { _ in
            .ok("two")
        } _: { server in
            let names = ScriptedNames(["registry.test": [["127.0.0.2"]]])
            try await withOutbound(names) { client in
                let response = try await client.send(AddressPolicyTests.get("http://registry.test:\(server.port)/"))
                #expect(response.body == Array("two".utf8))
                #expect(server.requests[0]["Host"] == "registry.test:\(server.port)")
            }
        }
    }

    /// DNS rebinding: good when it is checked, bad a moment later.
    @Test func nameThatTurnsBadIsNotFollowed() async throws {
        let clock = ManualTime()
        try await WireServer.run { _ in
            .ok("good")
        } _: { server in
            let names = ScriptedNames(["registry.test": [["127.0.0.1"], ["169.254.169.254"]]])
            try await withOutbound(names, time: clock.time) { client in
                let request = try AddressPolicyTests.get("http://registry.test:\(server.port)/")
                for _ in 0..<3 { #expect(try await client.send(request).status == 200) }
                #expect(names.lookUps.count == 1)
                clock.advance(by: .seconds(31))
                #expect(await registryError { _ = try await client.send(request) }?.code == .addressForbidden)
                #expect(names.lookUps.count == 2)
                #expect(server.requests.count == 3)
            }
        }
    }

    @Test func nextAddressIsTriedWhenOneRefuses() async throws {
        try await WireServer.run(host: "127.0.0.3") { _ in
            .ok("three")
        } _: { server in
            let names = ScriptedNames(["registry.test": [["127.0.0.4", "127.0.0.3"]]])
            try await withOutbound(names) { client in
                let request = try AddressPolicyTests.get("http://registry.test:\(server.port)/")
                #expect(try await client.send(request).body == Array("three".utf8))
                #expect(try await client.send(request).body == Array("three".utf8))
            }
        }
    }

    @Test func unknownNameIsUnreachable() async throws {
        try await withOutbound(ScriptedNames([:])) { client in
            let request = try AddressPolicyTests.get("https://nowhere.test/")
            #expect(await registryError { _ = try await client.send(request) }?.code == .unreachable)
        }
    }

    @Test func refusedConnectionIsUnreachable() async throws {
        let port = try await WireServer.run { _ in
            .ok("")
        } _: {
            $0.port
        }
        try await withOutbound { client in
            let request = try AddressPolicyTests.get("http://registry.test:\(port)/")
            let error = await registryError { _ = try await client.send(request) }
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("refused") == true)
        }
    }

    /// The machine's own resolver, on a name that every machine knows.
    @Test func systemResolverKnowsLocalhost() async throws {
        let client = OutboundClient(
            policy: OutboundPolicy(plainHTTPHosts: ["localhost"]),
            version: "0",
            logger: .init(label: "test")
        )
        let error = await registryError { _ = try await client.send(AddressPolicyTests.get("http://localhost:9/")) }
        #expect(error?.code == .addressForbidden)
        let unknown = await registryError {
            _ = try await client.send(AddressPolicyTests.get("https://nowhere.invalid/"))
        }
        #expect(unknown?.code == .unreachable)
        await client.shutdown()
    }
}
