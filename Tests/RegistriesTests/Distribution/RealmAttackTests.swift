import Foundation
import Registries
import RegistryStubs
import Synchronization
import Testing

/// Token services that are not the login's.
///
/// Each test is one trick that a registry, or who speaks for it, may play to get a secret, or a request, to where it does not belong;
/// each asserts that the secret reached nobody else, and that the error has a clear code.
@Suite struct RealmAttackTests {
    /// Asks a registry, whose challenge names `realm` (`%` stands for the port of the other server), and tells what came of it.
    struct Trial: Sendable {
        var realm: String
        var pinned: String?
        var names: [String: [[String]]] = [:]
        /// Hosts that the operator allowed at loopback and in plain http, so that only the rule under test stands in the way.
        var allowed: Set<String> = ["registry.test", "other.test"]
        var usesTLS = false

        struct Outcome: Sendable {
            var error: RegistryError?
            var otherRequests: Int
            var secretElsewhere: Bool
            var secretAtTheRegistry: Bool
        }

        func run() async throws -> Outcome {
            let canary = Canary()
            return try await TestAuthority.run { authority in
                let tls = usesTLS ? try authority.server(await authority.issue("DNS:registry.test")) : nil
                return try await WireServer.run { _ in
                    .json(#"{"token":"granted-x"}"#)
                } _: { other in
                    let realm = realm.replacing("%", with: "\(other.port)")
                    let challenge = #"Bearer realm="\#(realm)",service="s""#
                    return try await WireServer.run(tls: tls) { _ in
                        .challenge(challenge)
                    } _: { server in
                        var answers = ["registry.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]]
                        answers.merge(names) { $1 }
                        return try await withOutbound(ScriptedNames(answers), plain: allowed, local: allowed) {
                            outbound in
                            let client = try outbound.registry(
                                server.port,
                                canary.login(pinned: pinned?.replacing("%", with: "\(other.port)")),
                                trust: usesTLS ? authority.trust() : nil
                            )
                            let error = await registryError { _ = try await client.allTags("a/b") }
                            return Outcome(
                                error: error,
                                otherRequests: other.requests.count,
                                secretElsewhere: canary.isIn(other.wire),
                                secretAtTheRegistry: canary.isIn(server.wire)
                            )
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [
        // Another host than the one that was pinned, another port of it, another scheme.
        ("http://other.test:%/token", "http://pinned.test:%"), ("http://other.test:%/token", "http://other.test"),
        ("http://other.test:%/token", "https://other.test:%"), ("http://other.test:%/token", "http://other.test.:%"),
    ])
    func swappedRealmGetsNothing(realm: String, pinned: String) async throws {
        let outcome = try await Trial(realm: realm, pinned: pinned).run()
        #expect(outcome.error?.code == .realmChanged)
        #expect(outcome.otherRequests == 0)
        #expect(!outcome.secretAtTheRegistry)
    }

    @Test(arguments: [
        "http://127.0.0.1:%/token", "http://[::1]:%/token", "http://10.0.0.1:%/token", "http://169.254.169.254/token",
        "https://192.168.1.1/token", "https://[fd00:ec2::254]/token", "https://[::ffff:127.0.0.1]:%/token",
        "https://[64:ff9b::a9fe:a9fe]/token",
    ])
    func realmAtALiteralInnerAddressGetsNothing(realm: String) async throws {
        var trial = Trial(realm: realm)
        trial.allowed.formUnion(["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"])
        let outcome = try await trial.run()
        #expect(outcome.error?.code == .addressForbidden)
        #expect(outcome.otherRequests == 0)
        #expect(!outcome.secretAtTheRegistry)
    }

    /// A name is judged by where it leads.
    @Test(arguments: [
        "169.254.169.254", "127.0.0.1", "::1", "fd00:ec2::254", "0.0.0.0", "::ffff:169.254.169.254", "fe80::1",
    ])
    func realmWhoseNameLeadsToAForbiddenAddressGetsNothing(address: String) async throws {
        let trial = Trial(
            realm: "https://inner.test:%/token",
            names: ["inner.test": [[address]]],
            allowed: ["registry.test"]
        )
        let outcome = try await trial.run()
        #expect(outcome.error?.code == .addressForbidden)
        #expect(outcome.otherRequests == 0)
    }

    /// Good for one look-up and bad for the next, in both orders: the one look-up that is made decides.
    @Test(arguments: [
        [["127.0.0.1"], ["93.184.216.34"]], [["169.254.169.254"], ["127.0.0.1"]], [["127.0.0.1", "169.254.169.254"]],
    ])
    func realmWhoseNameChangesItsAddressGetsNothing(answers: [[String]]) async throws {
        let trial = Trial(
            realm: "https://inner.test:%/token",
            names: ["inner.test": answers],
            allowed: ["registry.test"]
        )
        let outcome = try await trial.run()
        #expect(outcome.error?.code == .addressForbidden)
        #expect(outcome.otherRequests == 0)
    }

    /// Harbor behind TLS with a wrong external_url names one; it is never downgraded.
    @Test func plainRealmOfATLSRegistryGetsNothing() async throws {
        let outcome = try await Trial(realm: "http://other.test:%/token", usesTLS: true).run()
        #expect(outcome.error?.code == .addressForbidden)
        #expect(outcome.error?.hint?.contains("external_url") == true)
        #expect(outcome.otherRequests == 0)
    }

    @Test(arguments: [
        "http://user:pass@other.test:%/token", "http://other.test:%@registry.test/token",
        "http://registry.test@other.test:%/token",
        "http://other.test:%/token#fragment", "ftp://other.test:%/token", "other.test:%/token", "//other.test:%/token",
        "/token", "",
        "http://0x7f000001:%/token", "http://2130706433:%/token", "http://127.1:%/token",
        "http://other.test:%\\\\@x/token", "javascript:x",
    ])
    func realmThatIsNoPlainURLGetsNothing(realm: String) async throws {
        let outcome = try await Trial(realm: realm).run()
        #expect(outcome.error?.code == .upstreamMisbehaved)
        #expect(outcome.otherRequests == 0)
        #expect(!outcome.secretAtTheRegistry)
    }

    /// Before anything is pinned, the first service that is named is the one; a second one gets nothing.
    @Test func secondRealmOfAnUnpinnedLoginGetsNothing() async throws {
        let canary = Canary()
        let turn = Mutex(0)
        try await WireServer.run { _ in
            .json(#"{"token":"granted-x"}"#)
        } _: { other in
            let good = TestRegistry(answer: { _ in
                turn.withLock { $0 += 1 }
                return .challenge(#"Bearer realm="http://other.test:\#(other.port)/token",service="s""#)
            })
            try await good.serve { server, outbound in
                let client = try outbound.registry(server.port, canary.login())
                #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .realmChanged)
                #expect(turn.withLock { $0 } == 1)
                #expect(other.requests.isEmpty)
            }
        }
    }

    /// The service may be elsewhere when nothing says otherwise: then it is told, for the probe to pin it.
    @Test func firstRealmIsUsedAndTold() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .json(#"{"token":"granted-x"}"#)
        } _: { other in
            let challenge = #"Bearer realm="http://other.test:\#(other.port)/token",service="s""#
            try await WireServer.run {
                $0["Authorization"] == nil ? .challenge(challenge) : .ok("{}")
            } _: { server in
                try await withOutbound { outbound in
                    let token = try await outbound.registry(server.port, canary.login()).token(scopes: [.pull("a/b")])
                    #expect(token.realm == "http://other.test:\(other.port)")
                    #expect(canary.isIn(other.wire))
                    #expect(!canary.isIn(server.wire))
                }
            }
        }
    }

    /// Another tenant's login is another connection's affair: no cached plan or token of one is used for the other.
    @Test func oneLoginsRealmIsNotTakenForAnothers() async throws {
        let (first, second) = (Canary(), Canary())
        let isEvil = Mutex(false)
        try await WireServer.run { _ in
            .json(#"{"token":"granted-x"}"#)
        } _: { other in
            try await WireServer.run { request in
                if request.path == "/token" { return .json(#"{"token":"granted-x"}"#) }
                guard request["Authorization"] == nil else { return .json(#"{"tags":["a"]}"#) }
                let host = isEvil.withLock { $0 } ? "other.test:\(other.port)" : request["Host"] ?? ""
                return .challenge(#"Bearer realm="http://\#(host)/token",service="s""#)
            } _: { server in
                try await withOutbound { outbound in
                    let tokens = TokenCache()
                    let pinned = "http://registry.test:\(server.port)"
                    let client = try outbound.registry(server.port, first.login(pinned: pinned), tokens: tokens)
                    #expect(try await client.allTags("a/b") == ["a"])
                    isEvil.withLock { $0 = true }
                    let victim = try outbound.registry(server.port, second.login(pinned: pinned), tokens: tokens)
                    #expect(await registryError { _ = try await victim.allTags("a/b") }?.code == .realmChanged)
                    #expect(other.requests.isEmpty)
                    #expect(!second.isIn(server.wire))
                }
            }
        }
    }

    /// A new pin counts at once, also where the old service is still remembered.
    @Test func newPinReplacesWhatWasRemembered() async throws {
        let canary = Canary()
        let registry = TestRegistry(answer: { _ in .json(#"{"tags":["a"]}"#) })
        try await registry.serve { server, outbound in
            let tokens = TokenCache()
            let id = UUID()
            func login(_ pinned: String?) -> RegistryLogin {
                RegistryLogin(
                    id: id,
                    version: 1,
                    username: canary.username,
                    password: canary.secret,
                    pinnedRealm: pinned
                )
            }
            let first = try outbound.registry(server.port, login(nil), tokens: tokens)
            #expect(try await first.allTags("a/b") == ["a"])
            let moved = try outbound.registry(server.port, login("https://elsewhere.test"), tokens: tokens)
            #expect(await registryError { _ = try await moved.allTags("a/b") }?.code == .realmChanged)
        }
    }
}
