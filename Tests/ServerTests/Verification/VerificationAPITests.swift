import Foundation
import Registries
import TestSupport
import Testing

/// What a user sees of the verification of a credential. Source: issue 3, item 3.
@Suite("Verification over the API") struct VerificationAPITests {
    private func options(_ registry: ScriptedRegistry, _ flags: [String: String] = [:]) -> ServerOptions {
        var options = ServerOptions()
        options.registry = registry
        options.flags = flags
        return options
    }

    private func item(_ kind: String, _ server: RunningServer) async throws -> String {
        CredentialPath.collection(kind, server.first.organization) + "/" + (try await server.store(kind))
    }

    @Test(arguments: RunningServer.kinds)
    func beforeTheFirstProbeACredentialIsUnverified(kind: String) async throws {
        try await withServer { server async throws in
            let item = try await item(kind, server)
            let read = try await server.admin.get(item).json
            #expect(read["verification"]["state"] == "unverified" && read["verification"]["checkedAt"] == .null)
            #expect(read["verification"]["expirySource"] == "unknown" && read["expiresAt"] == .null)
            #expect(read["lastUsedAt"] == .null)
            let whole = try await server.admin.get("\(item)/verification").json
            #expect(whole["state"] == "unverified" && whole["steps"] == [] && whole["history"] == [])
            #expect(whole["nextCheckAt"] == .null && whole["consecutiveFailures"] == 0)
        }
    }

    @Test(arguments: RunningServer.kinds)
    func verifyAnswersWithTheOutcomeStepByStep(kind: String) async throws {
        let end = Date(timeIntervalSinceNow: 5 * 86_400)
        let outcome = Verification.scripted(
            .excessive,
            expiry: .init(at: end, source: .token),
            advice: "drop repository:push"
        )
        let registry = ScriptedRegistry { _ in outcome }
        try await withServer(options: options(registry)) { server async throws in
            let item = try await item(kind, server)
            let answer = try await server.admin.post("\(item)/verify")
            let json = try answer.json
            #expect(answer.status == 200 && json["state"] == "excessive", "\(answer)")
            #expect(json["steps"].items.map { $0["name"].string } == Verification.StepName.allCases.map(\.rawValue))
            #expect(json["rights"]["excess"] == ["repository:push"] && json["expirySource"] == "token")
            #expect(json["advice"] == "drop repository:push" && json["rateBudget"]["remaining"] == 190)
            #expect(json["realm"] == "https://auth.example.com" && json["pinnedRealm"] == json["realm"])
            #expect(json["history"].items.map { $0["reason"].string } == ["demand"])
            #expect(try await server.admin.get("\(item)/verification").json == json)
            // Every read tells the same in short.
            let organization = server.first.organization
            let collection = CredentialPath.collection(kind, organization)
            let inProject = "/integrations/\(kind)/container-registry/project/\(server.first.project)/credentials"
            let overview = "/integrations/container-registry/organization/\(organization)/credentials"
            let reads = [
                try await server.admin.get(item).json, try await server.admin.get(collection).json[0],
                try await server.admin.get(inProject).json[0], try await server.admin.get(overview).json[kind][0],
                try await server.admin.get("/organization/\(organization)/credentials").json["credentials"][0],
                try await server.admin.get("/project/\(server.first.project)/credentials").json["credentials"][0],
            ]
            for read in reads {
                #expect(read["verification"]["state"] == "excessive", "\(read)")
                #expect(read["verification"]["checkedAt"] == json["checkedAt"])
                #expect(read["verification"]["expiresAt"] == json["expiresAt"])
                #expect(read["verification"]["expirySource"] == "token")
            }
            #expect(try server.log().contains("credential probed"))
            let metrics = try await server.admin.get("/metrics").text
            #expect(metrics.contains(#"pratique_probes_total{state="excessive"} 1"#))
        }
    }

    @Test func theHistoryTellsTheLastThirtyProbes() async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry)) { server async throws in
            let item = try await item("oci", server)
            for index in 0..<33 {
                registry.answer(.scripted(index % 2 == 0 ? .verified : .unreachable))
                #expect(try await server.admin.post("\(item)/verify").status == 200)
            }
            let history = try await server.admin.get("\(item)/verification").json["history"].items
            #expect(history.count == 30)
            #expect(history.first?["state"] == "verified" && history[1]["code"] == "registry-unreachable")
        }
    }

    /// Ten seconds are the end of patience, not of the probe.
    @Test func aSlowProbeIsAnsweredWithPendingAndGoesOn() async throws {
        let (gate, clock) = (Gate(), ManualClock())
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        var options = options(registry)
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let item = try await item("harbor", server)
            async let asked = server.admin.post("\(item)/verify")
            await registry.began(1)
            await clock.sleeper(of: .seconds(10))
            clock.advance(by: 10)
            let answer = try await asked
            #expect(answer.status == 202, "\(answer)")
            #expect(try answer.json["state"] == "pending")
            gate.open()
            let isDone = try await eventually {
                try await server.admin.get("\(item)/verification").json["state"] == "verified"
            }
            #expect(isDone && registry.probes.count == 1)
        }
    }

    @Test func whoAsksWhileAProbeRunsWaitsForThatOne() async throws {
        let gate = Gate()
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        try await withServer(options: options(registry)) { server async throws in
            let item = try await item("harbor", server)
            async let first = server.admin.post("\(item)/verify")
            await registry.began(1)
            async let second = server.admin.post("\(item)/verify")
            // The second is in the server once its credential's use is noted; it finds the flight then or its end.
            gate.open()
            let answers = try await [first, second]
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(registry.probes.count <= 2)
        }
    }

    @Test func aSecretThatWasRefusedAMomentAgoIsNotTriedAgain() async throws {
        let clock = ManualClock()
        let registry = ScriptedRegistry { _ in .scripted(.rejected) }
        var options = options(registry)
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let item = try await item("dockerhub", server)
            #expect(try await server.admin.post("\(item)/verify").json["state"] == "rejected")
            for _ in 0..<5 {
                let again = try await server.admin.post("\(item)/verify")
                #expect(try again.json["state"] == "rejected" && again["x-pratique-note"] != nil, "\(again)")
            }
            #expect(registry.probes.count == 1)
            clock.advance(by: 31)
            let later = try await server.admin.post("\(item)/verify")
            #expect(later["x-pratique-note"] == nil && registry.probes.count == 2)
            #expect(try later.json["consecutiveFailures"] == 2)
        }
    }

    @Test func aRotationIsProbedByItselfAndTheOldOutcomeIsNotShownForIt() async throws {
        let registry = ScriptedRegistry { _ in .scripted(.rejected) }
        try await withServer(options: options(registry, ["verify-interval-hours": "24"])) { server async throws in
            let item = try await item("harbor", server)
            let wasProbed = try await eventually {
                try await server.admin.get(item).json["verification"]["state"] == "rejected"
            }
            #expect(wasProbed)
            registry.answer(.scripted(.verified))
            let rotated = try await server.admin.post("\(item)/rotate", ["password": "a better one"])
            #expect(try rotated.json["verification"]["state"] == "unverified", "\(rotated)")
            let isProbed = try await eventually {
                try await server.admin.get(item).json["verification"]["state"] == "verified"
            }
            #expect(isProbed)
            let history = try await server.admin.get("\(item)/verification").json["history"].items
            #expect(history.map { $0["version"] } == [2, 1] && history.map { $0["reason"] } == ["change", "change"])
        }
    }

    @Test func aBulkApplyIsProbedByItself() async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry, ["verify-interval-hours": "1"])) { server async throws in
            var body = RunningServer.storeBody("harbor", project: server.first.project).without("projectId")
            body["registryType"] = "harbor"
            body["name"] = "bulk"
            body["projectIds"] = [.string(server.first.project)]
            let path = "/integrations/container-registry/organization/\(server.first.organization)/bulk-apply"
            #expect(try await server.admin.post(path, body).status == 201)
            await registry.began(1)
            #expect(registry.probes.map(\.secret) == ["s3cret"])
        }
    }

    /// The realm is pinned at the first good probe, given to every later one, and replaced only by approval.
    @Test func aRealmIsPinnedAndReplacedOnlyByApproval() async throws {
        let registry = ScriptedRegistry { _ in .scripted(.rejected, realm: "https://evil.example") }
        let clock = ManualClock()
        var options = options(registry)
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let item = try await item("harbor", server)
            func verify(_ body: TestJSON? = nil) async throws -> TestJSON {
                clock.advance(by: 60)
                return try await server.admin.post("\(item)/verify", body).json
            }
            #expect(try await verify()["pinnedRealm"] == .null, "a refused secret pins nothing")
            registry.answer(.scripted(.verified, realm: "https://one.example"))
            #expect(try await verify()["pinnedRealm"] == "https://one.example")
            registry.answer(.scripted(.verified, realm: "https://two.example"))
            let moved = try await verify()
            #expect(moved["state"] == "unreachable" && moved["pinnedRealm"] == "https://one.example", "\(moved)")
            #expect(moved["steps"].items.contains { $0["code"] == "realm-changed" })
            let wrong = try await verify(["approveRealm": "https://three.example"])
            #expect(wrong["pinnedRealm"] == "https://one.example", "approved, and not what the registry names")
            let approved = try await verify(["approveRealm": "https://two.example"])
            #expect(approved["state"] == "verified" && approved["pinnedRealm"] == "https://two.example")
            #expect(try await verify()["state"] == "verified")
            #expect(
                registry.probes.map(\.pinnedRealm) == [
                    nil, nil, "https://one.example", "https://three.example", "https://two.example",
                    "https://two.example",
                ]
            )
        }
    }

    @Test(arguments: [
        "http://auth.example.com", "auth.example.com", "https://auth.example.com/token", "https://u@auth.example.com",
        "https://auth.example.com/",
    ])
    func onlyAnOriginCanBeApproved(realm: String) async throws {
        let registry = ScriptedRegistry()
        try await withServer(options: options(registry)) { server async throws in
            let item = try await item("oci", server)
            let answer = try await server.admin.post("\(item)/verify", ["approveRealm": .string(realm)])
            #expect((answer.status, answer.fields) == (400, ["approveRealm"]), "\(answer)")
            #expect(registry.probes.isEmpty)
        }
    }

    /// A probe that runs does not hold the end of the process, and what it would have learned is not written.
    @Test func theServerStopsWhileItProbes() async throws {
        let registry = ScriptedRegistry { _ in
            await Gate().pass()
            return .scripted(.rejected)
        }
        try await withTemporaryDirectory { (directory: TemporaryDirectory) async throws -> Void in
            let flags = ["verify-interval-hours": "24"]
            var second = options(ScriptedRegistry(), flags)
            var path = ""
            try await withServer(in: directory, options: options(registry, flags)) { server async throws in
                path = try await item("oci", server)
                second.knownKey = server.first.key
                await registry.began(1)
            }
            try await withServer(in: directory, options: second) { server async throws in
                let isProbed = try await eventually {
                    try await server.admin.get(path).json["verification"]["state"] == "verified"
                }
                #expect(isProbed)
                let history = try await server.admin.get("\(path)/verification").json["history"].items
                #expect(history.count == 1)
            }
        }
    }

    @Test func verifyTakesABodyOrNone() async throws {
        try await withServer { server async throws in
            let item = try await item("oci", server)
            #expect(try await server.admin.post("\(item)/verify").status == 200)
            #expect(try await server.admin.post("\(item)/verify", [:]).status == 200)
            let null = try await server.admin.post("\(item)/verify", ["approveRealm": nil])
            #expect(null.status == 200)
            // Uses are written down once a second, behind the requests.
            let isNoted = try await eventually { try await server.admin.get(item).json["lastUsedAt"] != .null }
            #expect(isNoted)
        }
    }
}
