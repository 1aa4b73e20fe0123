import Foundation
import Registries
import RegistryStubs
import Synchronization
import Testing

/// A Docker Hub with a user `ann`, an organization `acme` and tokens of all kinds, changed by a test before it starts.
func withDockerHub(
    _ change: (inout DockerHubStubState) -> Void = { _ in },
    _ body: (StubDockerHub, StubWorld) async throws -> Void
) async throws {
    var state = DockerHubStubState(
        users: [DockerHubStubUser(name: "ann", password: "Annes-Password-1", organizations: ["acme"])],
        tokens: [
            DockerHubStubToken(user: "ann", secret: "dckr_pat_read", scopes: ["repo:read"]),
            DockerHubStubToken(user: "ann", secret: "dckr_pat_public", scopes: ["repo:public_read"]),
            DockerHubStubToken(user: "ann", secret: "dckr_pat_write", scopes: ["repo:write"]),
            DockerHubStubToken(user: "ann", secret: "dckr_pat_admin", scopes: ["repo:admin"]),
            DockerHubStubToken(
                organization: "acme",
                secret: "dckr_oat_full",
                resources: [
                    "acme/*": [
                        "scope-image-pull", "scope-repository-read", "scope-tag-read", "scope-repository-list",
                    ]
                ]
            ),
            DockerHubStubToken(
                organization: "acme",
                secret: "dckr_oat_blind",
                resources: ["acme/app": ["scope-image-pull", "scope-repository-read", "scope-tag-read"]]
            ),
            DockerHubStubToken(
                organization: "acme",
                secret: "dckr_oat_push",
                resources: [
                    "acme/*": [
                        "scope-image-pull", "scope-image-push", "scope-repository-read", "scope-tag-read",
                        "scope-repository-list",
                    ]
                ]
            ),
        ],
        repositories: [
            StubRepository("ann/app", [.index("app", tags: ["latest"])], generated: 2),
            StubRepository("ann/site", generated: 1, isPrivate: false),
            StubRepository("acme/app", generated: 1), StubRepository("acme/docs", generated: 1, isPrivate: false),
        ]
    )
    change(&state)
    let stub = try await StubDockerHub.start(state)
    let world = try StubWorld(dockerHub: stub)
    do {
        try await body(stub, world)
    } catch {
        await stub.stop()
        throw error
    }
    await stub.stop()
}

@Suite(.serialized) struct DockerHubProbeTests {
    /// What a credential of Docker Hub can be.
    enum TokenState: String, CaseIterable {
        case personalReadOnly
        case personalPublicReadOnly
        case personalReadWrite
        case personalAdmin
        case revoked
        case organizationComplete
        case organizationWithoutList
        case organizationThatPushes
        case organizationUnderAPersonsName
        case password
        case lockedOut
        case namedRepositoryThatIsHidden
    }

    private func result(_ state: TokenState) async throws -> Verification {
        var found: Verification?
        try await withDockerHub {
            if state == .lockedOut { $0.failedLogins = $0.failedLoginsAllowed }
        } _: { stub, world in
            let credential: OpenedCredential =
                switch state {
                case .personalReadOnly, .lockedOut: .dockerHub("ann", "dckr_pat_read")
                case .personalPublicReadOnly: .dockerHub("ann", "dckr_pat_public")
                case .personalReadWrite: .dockerHub("ann", "dckr_pat_write")
                case .personalAdmin: .dockerHub("ann", "dckr_pat_admin")
                case .revoked: .dockerHub("ann", "dckr_pat_revoked")
                case .organizationComplete: .dockerHub("acme", "dckr_oat_full")
                case .organizationWithoutList: .dockerHub("acme", "dckr_oat_blind")
                case .organizationThatPushes: .dockerHub("acme", "dckr_oat_push")
                case .organizationUnderAPersonsName: .dockerHub("ann", "dckr_oat_full")
                case .password: .dockerHub("ann", "Annes-Password-1")
                case .namedRepositoryThatIsHidden:
                    .dockerHub("ann", "dckr_pat_read", repositories: ["other/secret"])
                }
            found = await world.probe(credential)
        }
        return try #require(found)
    }

    @Test func everyStateOfATokenHasItsOwnResult() async throws {
        try await expectDifferent(TokenState.allCases) { try await result($0) }
    }

    @Test(
        arguments: [
            (TokenState.personalReadOnly, Verification.State.verified, [], []),
            (.personalPublicReadOnly, .insufficient, ["repo:read"], []),
            (.personalReadWrite, .excessive, [], ["repo:write"]),
            (.personalAdmin, .excessive, [], ["repo:admin", "repo:write"]),
            (.revoked, .rejected, [], []),
            (.organizationComplete, .verified, [], []),
            (.organizationWithoutList, .unverified, [], []),
            (.organizationThatPushes, .excessive, [], ["scope-image-push"]),
            (.organizationUnderAPersonsName, .rejected, [], []),
            (.password, .excessive, [], ["account:password"]),
            (.lockedOut, .unreachable, [], []),
            (.namedRepositoryThatIsHidden, .insufficient, ["pull of other/secret"], []),
        ] as [(TokenState, Verification.State, [String], [String])]
    )
    func stateOfATokenIsJudged(
        state: TokenState,
        expected: Verification.State,
        missing: [String],
        excess: [String]
    ) async throws {
        let result = try await result(state)
        #expect(result.state == expected, "\(result.fingerprint)")
        #expect(result.rights.missing == missing)
        #expect(result.rights.excess == excess)
        #expect((result.advice == nil) == (expected == .verified))
    }

    @Test func goodTokenTellsItsBudgetAndItsRealm() async throws {
        try await withDockerHub { stub, world in
            let result = await world.probe(.dockerHub("ann", "dckr_pat_read"))
            #expect(result.rateBudget == RateBudget(limit: 200, remaining: 200, windowInSeconds: 21_600))
            #expect(result.realm == stub.authAddress)
            #expect(stub.state.withLock { $0.pullRemaining } == 200)
        }
    }

    /// An account without a limit gets no headers.
    @Test func accountWithoutLimitHasNoBudget() async throws {
        try await withDockerHub {
            $0.pullLimit = nil
        } _: { _, world in
            #expect(await world.probe(.dockerHub("ann", "dckr_pat_read")).rateBudget == nil)
        }
    }

    /// A failed login counts towards a lockout, so that it is made once.
    @Test func rejectedSecretIsSentOnce() async throws {
        try await withDockerHub { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_revoked")
            #expect(await world.probe(credential).state == .rejected)
            #expect(stub.state.withLock { $0.failedLogins } == 1)
            for _ in 0..<3 {
                await #expect(throws: RegistryError.self) {
                    try await world.registry(credential)
                        .images(credential, project: nil, page: BrowsePage(number: 1, size: 10), include: [])
                }
            }
            #expect(stub.state.withLock { $0.failedLogins } == 1)
        }
    }

    @Test func lockoutSaysNothingOfTheSecret() async throws {
        let result = try await result(.lockedOut)
        #expect(result.code(.credential) == "rate-limited")
        #expect(result.advice?.contains("says nothing about the secret") ?? false)
    }

    /// The namespace has public repositories only, and the token says nothing of itself.
    @Test func tokenWithNothingPrivateToShowIsUnverified() async throws {
        try await withDockerHub {
            $0.repositories.removeAll { $0.isPrivate }
        } _: { _, world in
            #expect(await world.probe(.dockerHub("acme", "dckr_oat_full")).state == .unverified)
            // A personal token's scope stands in what its login gives.
            #expect(await world.probe(.dockerHub("ann", "dckr_pat_read")).state == .verified)
        }
    }

    /// Without the right to list, repositories that the user names prove the token.
    @Test func namedRepositoryProvesATokenThatMayNotList() async throws {
        try await withDockerHub { _, world in
            let result = await world.probe(.dockerHub("acme", "dckr_oat_blind", repositories: ["acme/app"]))
            #expect(result.state == .verified, "\(result.fingerprint)")
            #expect(result.outcome(.listing) == .warning)
        }
    }

    @Test func organizationsNamespaceIsListedWithAPersonsToken() async throws {
        try await withDockerHub { stub, world in
            let result = await world.probe(.dockerHub("ann", "dckr_pat_read", namespace: "acme"))
            #expect(result.state == .verified)
            #expect(stub.hub.count(path: "/v2/namespaces/acme/repositories") == 1)
        }
    }

    @Test func eachHostGetsOnlyWhatIsItsOwn() async throws {
        try await withDockerHub { stub, world in
            _ = await world.probe(.dockerHub("ann", "dckr_pat_read"))
            let basic = "Basic " + Data("ann:dckr_pat_read".utf8).base64EncodedString()
            #expect(!stub.registry.wire.contains("dckr_pat_read") && !stub.registry.authorizations.contains(basic))
            #expect(stub.auth.authorizations.allSatisfy { $0 == basic })
            #expect(stub.hub.authorizations.allSatisfy { $0.hasPrefix("Bearer ") && !$0.contains("dckr_pat_read") })
            #expect(
                stub.hub.requests.filter { String(decoding: $0.body, as: UTF8.self).contains("dckr_pat_read") }.count
                    == 1
            )
            #expect(!stub.auth.wire.contains("offline_token"))
            #expect(stub.requests.allSatisfy { $0["User-Agent"]?.hasPrefix("pratique/") ?? false })
        }
    }

    @Test func anotherTokenServiceThanDockersOwnIsRefused() async throws {
        try await withDockerHub { stub, world in
            let challenge = (name: "Www-Authenticate", value: "Bearer realm=\"https://auth.docker.example/token\"")
            stub.registry.answer("GET /v2/", with: StubAnswer(401, headers: [challenge]))
            let result = await world.probe(.dockerHub("ann", "dckr_pat_read"))
            #expect(result.state == .unreachable)
            #expect(result.code(.challenge) == "realm-changed")
            #expect(stub.auth.requests.isEmpty && stub.hub.requests.isEmpty)
        }
    }
}
