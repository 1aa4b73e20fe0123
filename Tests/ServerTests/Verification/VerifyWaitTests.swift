import Foundation
import Registries
import Tenancy
import TestSupport
import Testing

/// `?verify=wait`: probe first, then store. Source: issue 3, item 3.
@Suite("Verify, then store") struct VerifyWaitTests {
    private func options(_ registry: ScriptedRegistry, _ flags: [String: String] = [:]) -> ServerOptions {
        var options = ServerOptions()
        options.registry = registry
        options.flags = flags
        return options
    }

    private static func secretField(_ kind: String) -> String { kind == "dockerhub" ? "accessToken" : "password" }

    @Test(arguments: RunningServer.kinds)
    func aGoodSecretIsStoredWithWhatIsKnownOfIt(kind: String) async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry, ["verify-interval-hours": "24"])) { server async throws in
            let collection = CredentialPath.collection(kind, server.first.organization)
            let body = RunningServer.storeBody(kind, project: server.first.project)
            let stored = try await server.admin.post("\(collection)?verify=wait", body)
            let id = try stored.created()
            #expect(stored["x-pratique-verification"] == "verified")
            let plain = try await server.admin.post(collection, body)
            #expect(try stored.json.names == plain.json.names, "the answer has the documented members and no more")
            let read = try await server.admin.get("\(collection)/\(id)").json
            #expect(read["verification"]["state"] == "verified")
            let whole = try await server.admin.get("\(collection)/\(id)/verification").json
            #expect(whole["pinnedRealm"] == "https://auth.example.com" && whole["history"].items.count == 1)
            await registry.began(2)
            #expect(registry.probes.filter { $0.credential.uuidString.lowercased() == id }.count == 1)
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aRefusedSecretIsNotStored(kind: String) async throws {
        let registry = ScriptedRegistry { _ in .scripted(.rejected, advice: "make a new one") }
        try await withServer(options: options(registry)) { server async throws in
            let collection = CredentialPath.collection(kind, server.first.organization)
            let before = try await server.contents()
            let body = RunningServer.storeBody(kind, project: server.first.project)
            let answer = try await server.admin.post("\(collection)?verify=wait", body)
            #expect((answer.status, answer.code) == (400, "registry-auth-failed"), "\(answer)")
            #expect(answer.fields == [Self.secretField(kind)])
            #expect(try answer.json["hint"] == "make a new one")
            #expect(try await server.contents() == before, "something was stored")
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aRefusedRotationKeepsTheOldSecret(kind: String) async throws {
        let registry = ScriptedRegistry { probe in .scripted(probe.secret == "bad" ? .rejected : .verified) }
        try await withServer(options: options(registry)) { server async throws in
            let item = CredentialPath.collection(kind, server.first.organization) + "/" + (try await server.store(kind))
            let before = try await server.contents()
            let refused = try await server.admin.post(
                "\(item)/rotate?verify=wait",
                RunningServer.rotateBody(kind, secret: "bad")
            )
            #expect((refused.status, refused.code) == (400, "registry-auth-failed"), "\(refused)")
            #expect(refused.fields == [Self.secretField(kind)])
            #expect(try await server.contents() == before)
            let rotated = try await server.admin.post(
                "\(item)/rotate?verify=wait",
                RunningServer.rotateBody(kind, secret: "good")
            )
            #expect(rotated.status == 200 && rotated["x-pratique-verification"] == "verified", "\(rotated)")
            #expect(try rotated.json["version"] == 2 && rotated.json["verification"]["state"] == "verified")
            #expect(registry.probes.map(\.version) == [2, 2])
        }
    }

    /// What is no refusal is stored, and its state tells.
    @Test(arguments: [Verification.State.unreachable, .insufficient, .excessive, .unverified])
    func whatIsNotRefusedIsStored(state: Verification.State) async throws {
        let registry = ScriptedRegistry { _ in .scripted(state) }
        try await withServer(options: options(registry)) { server async throws in
            let collection = CredentialPath.collection("oci", server.first.organization)
            let body = RunningServer.storeBody("oci", project: server.first.project)
            let answer = try await server.admin.post("\(collection)?verify=wait", body)
            #expect(answer["x-pratique-verification"] == state.rawValue, "\(answer)")
            let read = try await server.admin.get("\(collection)/\(try answer.created())").json
            #expect(read["verification"]["state"].string == state.rawValue)
        }
    }

    @Test func aSlowRegistryDoesNotKeepASecretFromBeingStored() async throws {
        let clock = ManualClock()
        let registry = ScriptedRegistry { _ in
            await Gate().pass()
            return .scripted(.rejected)
        }
        var options = options(registry)
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let collection = CredentialPath.collection("harbor", server.first.organization)
            let body = RunningServer.storeBody("harbor", project: server.first.project)
            async let asked = server.admin.post("\(collection)?verify=wait", body)
            await registry.began(1)
            await clock.sleeper(of: .seconds(10))
            clock.advance(by: 10)
            let answer = try await asked
            #expect(answer.status == 201 && answer["x-pratique-verification"] == "pending", "\(answer)")
            let read = try await server.admin.get("\(collection)/\(try answer.created())").json
            #expect(read["verification"]["state"] == "unverified")
        }
    }

    /// A probe that does not heed its cancellation does not hold the answer.
    @Test func aDeafProbeDoesNotHoldTheAnswer() async throws {
        let (clock, gate) = (ManualClock(), DeafGate())
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        var options = options(registry)
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let collection = CredentialPath.collection("harbor", server.first.organization)
            let body = RunningServer.storeBody("harbor", project: server.first.project)
            async let asked = server.admin.post("\(collection)?verify=wait", body)
            await registry.began(1)
            await clock.sleeper(of: .seconds(10))
            clock.advance(by: 10)
            #expect(try await asked.status == 201)
            await gate.open()
        }
    }

    @Test func aTooStrongSecretIsNotStoredWherePolicyRefuses() async throws {
        let registry = ScriptedRegistry { _ in .scripted(.excessive) }
        let refuse = options(registry, ["excess-privilege": "refuse"])
        try await withServer(options: refuse) { server async throws in
            let collection = CredentialPath.collection("harbor", server.first.organization)
            let before = try await server.contents()
            let body = RunningServer.storeBody("harbor", project: server.first.project)
            let answer = try await server.admin.post("\(collection)?verify=wait", body)
            #expect((answer.status, answer.code) == (400, "excessive-rights"), "\(answer)")
            #expect(answer.fields == ["password"] && answer.text.contains("repository:push"))
            #expect(try await server.contents() == before)
            // Without waiting it is stored, its state tells, and it is not used.
            let item = "\(collection)/\(try await server.admin.post(collection, body).created())"
            #expect(try await server.admin.post("\(item)/verify").json["state"] == "excessive")
            let images = "/integrations/harbor/container-registry/project/\(server.first.project)/credentials"
            let id = item.split(separator: "/").last.map(String.init) ?? ""
            let browsed = try await server.admin.get("\(images)/\(id)/images")
            #expect((browsed.status, browsed.code) == (409, "excessive-rights"), "\(browsed)")
        }
    }

    @Test func aRepeatedRequestIsNotProbedAgain() async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry)) { server async throws in
            let path = CredentialPath.collection("oci", server.first.organization) + "?verify=wait"
            let body = RunningServer.storeBody("oci", project: server.first.project)
            let header = [("Idempotency-Key", "once")]
            let first = try await server.admin.post(path, body, headers: header)
            registry.answer(.scripted(.rejected))
            let again = try await server.admin.post(path, body, headers: header)
            #expect(first.body == again.body && again["idempotency-replayed"] == "true", "\(again)")
            #expect(registry.probes.count == 1)
        }
    }

    @Test func nobodyIsProbedForWhoMayNotStore() async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry)) { server async throws in
            let path = CredentialPath.collection("oci", server.first.organization) + "?verify=wait"
            let body = RunningServer.storeBody("oci", project: server.first.project)
            let reader = try await server.makeKey(for: server.first.user, permissions: .read)
            #expect(try await server.caller(reader).post(path, body).status == 403)
            #expect(try await server.caller(nil).post(path, body).status == 401)
            #expect(try await server.admin.post(path, body.without("password")).status == 400)
            #expect(registry.probes.isEmpty)
        }
    }
}

/// A gate that does not open for those who are cancelled.
private actor DeafGate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
