public import RegistryStubs

/// One registry of each kind, with an account and a few repositories, for the servers of a test.
public struct StubRegistries: Sendable {
    /// Harbor, with the private project `demo` and a robot of it.
    public let harbor: StubHarbor
    /// Docker Hub, with the user `demo`.
    public let dockerHub: StubDockerHub
    /// A registry with the account `demo`.
    public let oci: StubRegistry

    /// The secret of every account.
    public static let secret = "Stub-Secret-1"

    /// The repositories that each has: as the kind's lists name them, and as one writes them in a path of our API.
    public static let repositories: [String: (name: String, inPath: String)] = [
        "harbor": ("team/app-00000", "team%2Fapp-00000"), "dockerhub": ("app-00000", "app-00000"),
        "oci": ("team/app-00000", "team%252Fapp-00000"),
    ]

    /// How many repositories each has.
    public static let repositoryCount = 25

    /// Starts all of them; `secret` is that of every account.
    public static func start(secret: String = StubRegistries.secret) async throws -> StubRegistries {
        let count = StubRegistries.repositoryCount
        return StubRegistries(
            harbor: try await StubHarbor.start(
                HarborStubState(
                    projects: [
                        HarborStubProject(id: 7, name: "demo", repositories: .many(count, prefix: "demo/team/app"))
                    ],
                    robots: [HarborStubRobot(project: "demo", name: "reader", secret: secret)]
                )
            ),
            dockerHub: try await StubDockerHub.start(
                DockerHubStubState(
                    users: [DockerHubStubUser(name: "demo", password: "never used")],
                    tokens: [DockerHubStubToken(user: "demo", secret: secret, scopes: ["repo:read"])],
                    repositories: .many(count, prefix: "demo/app")
                        + .many(3, prefix: "library/python", isPrivate: false)
                )
            ),
            oci: try await StubRegistry.start(
                StubRegistryState(
                    users: [StubRegistryUser(name: "demo", password: secret)],
                    repositories: .many(count, prefix: "team/app")
                )
            )
        )
    }

    /// Stops them.
    public func stop() async {
        await harbor.stop()
        await dockerHub.stop()
        await oci.stop()
    }

    /// The settings of a server that may ask them.
    public var flags: [String: String] {
        [
            "plain-http-hosts": "127.0.0.1,localhost", "private-hosts": "127.0.0.1,localhost",
            "dockerhub-api-url": dockerHub.hubAddress, "dockerhub-token-url": dockerHub.authAddress,
            "dockerhub-registry-url": dockerHub.registryAddress,
        ]
    }

    /// A right body for storing the account of `kind`.
    public func storeBody(_ kind: String, project: String, secret: String = StubRegistries.secret, label: String = "it")
        -> TestJSON
    {
        var body: TestJSON = [
            "projectId": .string(project), "description": .string("d-\(label)"), "name": .string("n-\(label)"),
            (kind == "dockerhub" ? "accessToken" : "password"): .string(secret),
        ]
        switch kind {
        case "harbor":
            body["harborUrl"] = .string(harbor.address)
            body["harborProject"] = "demo"
            body["username"] = "robot$demo+reader"
        case "dockerhub": body["dockerhubUsername"] = "demo"
        default:
            body["registryUrl"] = .string(oci.address)
            body["username"] = "demo"
        }
        return body
    }

    /// What all of them were asked, as one text to look for secrets in.
    public var wire: String {
        [harbor.record, dockerHub.hub, dockerHub.auth, dockerHub.registry, oci.record].map(\.wire).joined()
    }
}

extension [StubRepository] {
    /// See `StubRepository.many`, with two images in each.
    static func many(_ count: Int, prefix: String, isPrivate: Bool = true) -> [StubRepository] {
        StubRepository.many(count, prefix: prefix, isPrivate: isPrivate).map {
            StubRepository($0.path, generated: 2, isPrivate: isPrivate)
        }
    }
}

/// Runs a server beside one registry of each kind, whose accounts ``RunningServer/store(_:in:project:secret:label:)`` stores.
public func withRegistries<Result>(
    in directory: TemporaryDirectory? = nil,
    secret: String = StubRegistries.secret,
    options: ServerOptions = ServerOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (RunningServer, StubRegistries) async throws -> Result
) async throws -> Result {
    let registries = try await StubRegistries.start(secret: secret)
    var options = options
    options.flags.merge(registries.flags) { given, _ in given }
    options.registries = registries
    do {
        let result = try await withServer(in: directory, options: options) { try await body($0, registries) }
        await registries.stop()
        return result
    } catch {
        await registries.stop()
        throw error
    }
}
