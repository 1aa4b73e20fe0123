import ArgumentParser

/// `pratique scan start`.
struct ScanStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Ask for a scan.",
        discussion: """
            With --watch the command waits for the end: exit status 0 when there is a whole result, 1 when there is none or \
            only a part of it.

            EXAMPLES
                $ pratique scan start shop/app:1.4 --credential harbor-ci --watch
                $ pratique scan start node:22-alpine --branch main
            """
    )

    @Argument(help: ArgumentHelp("The image, with its tag or digest.", valueName: "image"))
    var image: String

    @Option(help: ArgumentHelp("Pull with this credential; without one the image is public.", valueName: "id or name"))
    var credential: String?

    @Option(help: ArgumentHelp("The branch that the image was built from.", valueName: "name"))
    var branch: String?

    @Option(help: ArgumentHelp("Which variant of the image.", valueName: "os/architecture"))
    var platform: String?

    @Flag(help: "Wait for the end.")
    var watch = false

    @OptionGroup(title: "Server options") var server: ServerOptions

    private struct Started: Decodable, Sendable {
        let scanId: ResourceID
    }

    func run() async throws {
        try await server.withSession { session in
            let (project, request) = try await request(session)
            let started: Started = try await session.client.send(request).decoded()
            let scan =
                watch
                ? try await session.watch(started.scanId, of: project)
                : try await session.scan(started.scanId, of: project)
            try session.show(scan.json, as: scan.value.table)
            if watch, let failure = scan.value.failure { throw failure }
        }
    }

    private func request(_ session: Session) async throws -> (project: ResourceID, APIRequest) {
        guard let credential else {
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "scan", "container", "start")
            let body = JSONValue.fields([
                "imageToScan": image, "branch": branch, "platform": platform, "sourceType": "cli",
            ])
            return (project, .create(path, body))
        }
        let (project, found) = try await session.linkedCredential(credential)
        let kind = try session.kind(of: found.value)
        let path = APIPath("integrations", kind.rawValue, "container-registry", "project", "\(project)", "scan")
        let body = JSONValue.fields([
            "credentialId": "\(found.value.id)", "imageName": image, "branch": branch, "platform": platform,
        ])
        return (project, .create(path, body))
    }
}
