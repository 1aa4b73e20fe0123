import ArgumentParser
import Foundation
import RegistryStubs

/// Starts a stub registry for a script and prints where it is, as one line of JSON. Ends when it is stopped.
@main
struct StubRegistriesTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stub-registries",
        abstract: "Start a stub registry on 127.0.0.1",
        subcommands: [HarborCommand.self, DockerHubCommand.self, RegistryCommand.self]
    )
}

/// Flags that every stub has.
struct StubFlags: ParsableArguments {
    @Option(help: "Port; 0 takes a free one.") var port = 0
    @Option(help: "Repositories.") var repositories = 3
    @Option(help: "Tags of each repository.") var tags = 2
    @Option(help: "Certificate in PEM, for TLS.") var certificate: String?
    @Option(help: "Its key in PEM.") var key: String?
    @Option(help: "Milliseconds that every answer takes.") var delay = 0
    @Option(help: "File with the secret that is taken; its last line break is cut.") var secretFile: String?

    func tls() throws -> StubTLS? {
        guard let certificate, let key else { return nil }
        return StubTLS(
            certificatePEM: try String(contentsOfFile: certificate, encoding: .utf8),
            keyPEM: try String(contentsOfFile: key, encoding: .utf8)
        )
    }

    func secret() throws -> String {
        guard let secretFile else { return "Stub-Secret-1" }
        return try String(contentsOfFile: secretFile, encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    func content(prefix: String, isPrivate: Bool = true) -> [StubRepository] {
        StubRepository.many(repositories, prefix: prefix, isPrivate: isPrivate).map { repository in
            StubRepository(repository.path, generated: tags, isPrivate: isPrivate)
        }
    }

    /// Tells where the stub is, and then, for every line of standard input, how many requests came since the last one, and how
    /// many of them at once.
    func tell(_ facts: [String: String], counting records: [StubRecord]) throws {
        for record in records { record.delayEveryAnswer(by: .milliseconds(delay)) }
        try tell(facts)
        // A thread of its own: reading standard input blocks.
        Thread.detachNewThread {
            while readLine() != nil {
                let counts = [
                    "requests": records.reduce(0) { $0 + $1.requests.count },
                    "mostAtOnce": records.map(\.mostAtOnce).max() ?? 0,
                ]
                for record in records { record.reset() }
                // Nobody reads any more: there is nobody to tell either.
                try? tell(counts)
            }
        }
    }

    private func tell(_ facts: [String: some Any]) throws {
        var line = try JSONSerialization.data(withJSONObject: facts, options: [.sortedKeys, .withoutEscapingSlashes])
        line.append(UInt8(ascii: "\n"))
        try FileHandle.standardOutput.write(contentsOf: line)
    }
}

struct HarborCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "harbor", abstract: "A Harbor with one robot")

    @OptionGroup var flags: StubFlags
    @Option(help: "The project.") var project = "demo"
    @Option(help: "The robot, without its prefix and project.") var robot = "reader"
    @Option(parsing: .upToNextOption, help: "Rights beyond the nine documented, as resource:action.") var extra:
        [String] = []

    func run() async throws {
        let rights = HarborStubRobot.documentedRights.union(extra)
        let stub = try await StubHarbor.start(
            HarborStubState(
                projects: [
                    HarborStubProject(id: 7, name: project, repositories: flags.content(prefix: "\(project)/team/app"))
                ],
                robots: [HarborStubRobot(project: project, name: robot, secret: try flags.secret(), rights: rights)]
            ),
            port: flags.port,
            tls: try flags.tls()
        )
        try flags.tell(
            ["kind": "harbor", "address": stub.address, "username": "robot$\(project)+\(robot)"],
            counting: [stub.record]
        )
        try await stub.wait()
    }
}

struct DockerHubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "dockerhub", abstract: "A Docker Hub with one token")

    @OptionGroup var flags: StubFlags
    @Option(help: "The user and namespace.") var user = "demo"
    @Option(help: "The token's scope.") var scope = "repo:read"

    func run() async throws {
        let token = DockerHubStubToken(user: user, secret: try flags.secret(), scopes: [scope])
        let port = flags.port
        let stub = try await StubDockerHub.start(
            DockerHubStubState(
                users: [DockerHubStubUser(name: user, password: UUID().uuidString)],
                tokens: [token],
                repositories: flags.content(prefix: "\(user)/app")
                    + flags.content(prefix: "library/public", isPrivate: false)
            ),
            ports: port == 0 ? (0, 0, 0) : (port, port + 1, port + 2),
            tls: try flags.tls()
        )
        try flags.tell(
            [
                "kind": "dockerhub", "hub": stub.hubAddress, "auth": stub.authAddress, "registry": stub.registryAddress,
                "username": user,
            ],
            counting: [stub.hub, stub.auth, stub.registry]
        )
        try await stub.wait()
    }
}

struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: "An OCI registry with one account"
    )

    @OptionGroup var flags: StubFlags
    @Option(help: "The account.") var user = "demo"
    @Option(help: "How it lets anybody in: \(StubRegistryAccess.allCases.map(\.rawValue).joined(separator: ", ")).")
    var access = "bearer"
    @Option(help: "Its catalogue: \(StubRegistryCatalog.allCases.map(\.rawValue).joined(separator: ", ")).")
    var catalog = "complete"

    func run() async throws {
        guard let access = StubRegistryAccess(rawValue: access) else { throw ValidationError("no such --access") }
        guard let catalog = StubRegistryCatalog(rawValue: catalog) else { throw ValidationError("no such --catalog") }
        let stub = try await StubRegistry.start(
            StubRegistryState(
                access: access,
                catalog: catalog,
                users: [StubRegistryUser(name: user, password: try flags.secret())],
                repositories: flags.content(prefix: "team/app")
            ),
            port: flags.port,
            tls: try flags.tls()
        )
        try flags.tell(["kind": "oci", "address": stub.address, "username": user], counting: [stub.record])
        try await stub.wait()
    }
}
