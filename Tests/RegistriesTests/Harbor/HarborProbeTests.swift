import Foundation
import Registries
import RegistryStubs
import Synchronization
import Testing

/// A Harbor with one project of two repositories and one robot, changed by a test before it starts.
func withHarbor(
    _ change: (inout HarborStubState) -> Void = { _ in },
    _ body: (StubHarbor, StubWorld) async throws -> Void
) async throws {
    var state = HarborStubState(
        projects: [
            HarborStubProject(
                id: 7,
                name: "demo",
                repositories: [
                    StubRepository("demo/team/app", [.index("app", tags: ["latest", "1.0"])], generated: 2),
                    StubRepository("demo/worker", generated: 1),
                ]
            )
        ],
        robots: [HarborStubRobot(project: "demo", name: "reader", secret: "Good-Secret-1")]
    )
    change(&state)
    let stub = try await StubHarbor.start(state)
    let world = try StubWorld()
    do {
        try await body(stub, world)
    } catch {
        await stub.stop()
        throw error
    }
    await stub.stop()
}

@Suite(.serialized) struct HarborProbeTests {
    /// What a robot can be, and what the probe must come to.
    enum RobotState: String, CaseIterable {
        case holdsTheNineRights
        case hasAWrongSecret
        case lacksArtifactList
        case isForAProjectThatIsMissing
        case maintainsMoreThanIsNeeded
        case readsAPublicProjectOnly
        case isBlockedByPolicy
        case isForAnotherProject
        case mayReadItsOwnEnd
        case isAPerson
        case isAnOldRobotPastItsEnd
        case isSentElsewhereForTokens
    }

    private func result(_ state: RobotState) async throws -> Verification {
        var found: Verification?
        try await withHarbor { harbor in
            switch state {
            case .holdsTheNineRights, .hasAWrongSecret, .isForAProjectThatIsMissing, .isAnOldRobotPastItsEnd,
                .isSentElsewhereForTokens:
                break
            case .lacksArtifactList: harbor.robots[0].permissions["demo"]?.remove("artifact:list")
            case .maintainsMoreThanIsNeeded:
                harbor.robots[0].permissions["demo"]?.formUnion(["repository:push", "artifact:delete", "robot:create"])
            case .readsAPublicProjectOnly: harbor.projects[0].isPublic = true
            case .isBlockedByPolicy: harbor.projects[0].blockedRepositories = ["demo/team/app", "demo/worker"]
            case .isForAnotherProject: harbor.robots[0].permissions = ["other": HarborStubRobot.documentedRights]
            case .mayReadItsOwnEnd:
                harbor.robots[0].permissions["demo"]?.formUnion(["robot:list", "robot:read"])
                harbor.robots[0].expiresAt = 4_000_000_000
            case .isAPerson:
                harbor.users = [HarborStubUser(name: "admin", password: "Good-Secret-1", isAdministrator: true)]
            }
        } _: { stub, world in
            let credential: OpenedCredential =
                switch state {
                case .hasAWrongSecret: .harbor(stub.address, password: "Wrong-Secret-1")
                case .isForAProjectThatIsMissing: .harbor(stub.address, project: "nowhere")
                case .isAPerson: .harbor(stub.address, username: "admin")
                case .isAnOldRobotPastItsEnd:
                    // {"exp":1600000000}
                    .harbor(stub.address, password: "eyJhbGciOiJub25lIn0.eyJleHAiOjE2MDAwMDAwMDB9.c2ln")
                default: .harbor(stub.address)
                }
            if state == .isSentElsewhereForTokens {
                let challenge = (name: "Www-Authenticate", value: "Bearer realm=\"http://169.254.1.1/token\"")
                stub.record.answer("GET /v2/", with: StubAnswer(401, headers: [challenge]))
            }
            found = await world.probe(credential)
        }
        return try #require(found)
    }

    @Test func everyStateOfARobotHasItsOwnResult() async throws {
        try await expectDifferent(RobotState.allCases) { try await result($0) }
    }

    @Test(arguments: [
        (RobotState.holdsTheNineRights, Verification.State.verified), (.hasAWrongSecret, .rejected),
        (.lacksArtifactList, .insufficient), (.isForAProjectThatIsMissing, .insufficient),
        (.maintainsMoreThanIsNeeded, .excessive), (.readsAPublicProjectOnly, .verified),
        (.isBlockedByPolicy, .verified),
        (.isForAnotherProject, .insufficient), (.mayReadItsOwnEnd, .verified), (.isAPerson, .excessive),
        (.isAnOldRobotPastItsEnd, .rejected), (.isSentElsewhereForTokens, .unreachable),
    ])
    func stateOfARobotIsJudged(state: RobotState, expected: Verification.State) async throws {
        let result = try await result(state)
        #expect(result.state == expected, "\(result.fingerprint)")
        #expect(result.steps.map(\.name) == Verification.StepName.allCases)
        // A verdict that is not the best one says what to do.
        #expect((result.advice == nil) == (state == .holdsTheNineRights || state == .mayReadItsOwnEnd))
    }

    @Test func goodRobotPassesEveryStepButTLS() async throws {
        let result = try await result(.holdsTheNineRights)
        #expect(result.steps.filter { $0.outcome != .passed }.map(\.name) == [.tls])
        #expect(Set(result.rights.held).isSuperset(of: HarborStubRobot.documentedRights))
        #expect(result.rights.missing == [] && result.rights.excess == [])
        #expect(result.registryVersion == "Harbor v2.13.1")
        #expect(result.realm?.hasPrefix("http://127.0.0.1:") ?? false)
        #expect(result.expiry == Verification.Expiry(at: nil, source: .unknown))
    }

    @Test func missingRightIsNamed() async throws {
        let result = try await result(.lacksArtifactList)
        #expect(result.rights.missing == ["artifact:list"])
        #expect(result.code(.rights) == "insufficient-scope")
    }

    /// 403 stands for both; the existence of the project tells them apart.
    @Test func missingProjectIsToldFromAMissingRight() async throws {
        #expect(try await result(.isForAProjectThatIsMissing).code(.rights) == "registry-project-not-found")
        #expect(try await result(.isForAnotherProject).code(.rights) == "insufficient-scope")
    }

    @Test func excessNamesEveryRightThatChangesSomething() async throws {
        let result = try await result(.maintainsMoreThanIsNeeded)
        #expect(result.rights.excess == ["artifact:delete", "repository:push", "robot:create"])
    }

    @Test func publicProjectIsNoProofOfRights() async throws {
        let result = try await result(.readsAPublicProjectOnly)
        #expect(result.outcome(.rights) == .warning)
        #expect(result.advice?.contains("public") ?? false)
    }

    @Test func policyBlockHasItsOwnCode() async throws {
        let result = try await result(.isBlockedByPolicy)
        #expect(result.outcome(.pull) == .warning)
        #expect(result.code(.pull) == "policy-blocked")
    }

    @Test func endIsReadWhereTheRobotMayReadRobots() async throws {
        let result = try await result(.mayReadItsOwnEnd)
        #expect(result.expiry == .init(at: Date(timeIntervalSince1970: 4_000_000_000), source: .registry))
    }

    @Test func onlyASecretThatTellsItsEndIsCalledExpired() async throws {
        #expect(try await result(.isAnOldRobotPastItsEnd).code(.credential) == "credential-expired")
        #expect(try await result(.hasAWrongSecret).code(.credential) == "registry-auth-failed")
    }

    /// Harbor takes all of these for nobody. Source: registry documentation of Harbor's robots.
    @Test(arguments: ["wrong secret", "disabled", "expired", "deleted", "renamed by another prefix"])
    func deadRobotIsRejectedThoughThePublicIsShown(why: String) async throws {
        try await withHarbor { harbor in
            harbor.projects[0].isPublic = true
            switch why {
            case "wrong secret": harbor.robots[0].secret = "Another-Secret-1"
            case "disabled": harbor.robots[0].isDisabled = true
            case "expired": harbor.robots[0].expiresAt = 1_600_000_000
            case "deleted": harbor.robots = []
            default: harbor.robotPrefix = "bot-"
            }
        } _: { stub, world in
            let result = await world.probe(.harbor(stub.address))
            #expect(result.state == .rejected)
            #expect(result.outcome(.rights) == .skipped)
            #expect(result.advice?.contains("expired, disabled, deleted") ?? false)
        }
    }

    @Test(arguments: HarborStubVersion.allCases)
    func goodRobotIsVerifiedOnEveryVersion(version: HarborStubVersion) async throws {
        try await withHarbor {
            $0.version = version
        } _: { stub, world in
            let result = await world.probe(.harbor(stub.address))
            #expect(result.state == .verified, "\(result.fingerprint)")
            #expect(result.registryVersion == "Harbor " + version.rawValue.prefix { $0 != "-" })
            #expect(result.rights.missing == [])
        }
    }

    @Test(arguments: HarborStubVersion.allCases)
    func deadRobotIsRejectedOnEveryVersion(version: HarborStubVersion) async throws {
        try await withHarbor {
            $0.version = version
        } _: { stub, world in
            #expect(await world.probe(.harbor(stub.address, password: "x")).state == .rejected)
        }
    }

    /// Harbor reads a number as a project's id unless it is told that it is a name.
    @Test func projectWhoseNameIsANumberIsFoundByName() async throws {
        try await withHarbor {
            $0.projects.append(HarborStubProject(id: 8, name: "7", repositories: [StubRepository("7/x", generated: 1)]))
            $0.robots[0].permissions = ["7": HarborStubRobot.documentedRights]
        } _: { stub, world in
            #expect(await world.probe(.harbor(stub.address, project: "7")).state == .verified)
            #expect(await world.probe(.harbor(stub.address, project: "demo")).state == .insufficient)
        }
    }

    @Test func proxyCacheIsNotAskedForAnImage() async throws {
        try await withHarbor {
            $0.projects[0].registryID = 3
        } _: { stub, world in
            #expect(await world.probe(.harbor(stub.address)).state == .verified)
            #expect(stub.record.count(prefix: "/v2/demo/") == 0)
        }
    }

    @Test func probeCostsNoPullSendsNoCookieAndTheSecretToNobodyElse() async throws {
        try await withHarbor { stub, world in
            _ = await world.probe(.harbor(stub.address))
            #expect(stub.state.withLock { $0.pulls } == 0)
            #expect(stub.record.cookies == [])
            #expect(stub.record.requests.allSatisfy { $0.method == "GET" || $0.method == "HEAD" })
            let secret = Data("robot$demo+reader:Good-Secret-1".utf8).base64EncodedString()
            #expect(stub.record.authorizations.allSatisfy { $0 == "Basic \(secret)" })
        }
    }

    @Test func probeAsksWhatItSaysItAsks() async throws {
        try await withHarbor { stub, world in
            stub.record.expect([
                "GET /api/v2.0/ping", "GET /v2/", "GET /api/v2.0/users/current/permissions", "GET /api/v2.0/systeminfo",
                "GET /api/v2.0/users/current", "GET /api/v2.0/projects/demo",
                "GET /service/token?service=harbor-registry&scope=repository%3Ademo%2Fpratique%3Apull%2Cpush%2Cdelete",
                "GET /api/v2.0/users/current/permissions?scope=%2Fproject%2F7&relative=true",
                "GET /api/v2.0/projects/demo/repositories?page=1&page_size=1",
                "GET /api/v2.0/projects/demo/repositories?page=1&page_size=1",
                "GET /api/v2.0/projects/demo/repositories/team%252Fapp/artifacts?page=1&page_size=1",
                "HEAD /v2/demo/team/app/manifests/\(StubArtifact.index("app", tags: []).digest)",
            ])
            let result = await world.probe(.harbor(stub.address))
            #expect(result.state == .verified)
            #expect(stub.record.unexpected == [])
            #expect(stub.record.outstanding == [])
        }
    }

    @Test(arguments: [
        (StubAnswer.text("<html>bad gateway</html>", status: 502), "registry-failed"),
        (.text("slow down", status: 429), "rate-limited"), (.text("moved", status: 404), "registry-unsupported"),
        (.text("<html>a page</html>", status: 200), "registry-unsupported"),
    ])
    func hostThatIsNoWorkingHarborIsUnreachable(answer: StubAnswer, code: String) async throws {
        try await withHarbor { stub, world in
            stub.record.answer("GET /api/v2.0/ping", with: answer)
            let result = await world.probe(.harbor(stub.address))
            #expect(result.state == .unreachable)
            #expect(result.outcome(.address) == .passed)
            #expect(result.code(.challenge) == code)
            #expect(stub.record.authorizations == [])
        }
    }

    @Test func hostThatDoesNotAnswerFailsAtItsAddress() async throws {
        let world = try StubWorld()
        let result = await world.probe(.harbor("http://127.0.0.1:9"))
        #expect(result.state == .unreachable)
        #expect(result.code(.address) == "registry-unreachable")
        #expect(result.steps.dropFirst().allSatisfy { $0.outcome == .skipped })
    }

    @Test func manyProbesAtOnceAskEightThingsAtOnce() async throws {
        try await withHarbor { stub, world in
            stub.record.delayEveryAnswer(by: .milliseconds(5))
            let states = await withTaskGroup(of: Verification.State.self) { group in
                for _ in 0..<40 { group.addTask { await world.probe(.harbor(stub.address)).state } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(states == [.verified])
            #expect(stub.record.mostAtOnce <= 8)
        }
    }
}
