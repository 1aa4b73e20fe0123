import ArgumentParser
import Foundation

/// `pratique key create`.
struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an API key, which is shown once.",
        discussion: """
            A key can do what its user can, unless it is narrowed. --organization binds it to one organization.

            EXAMPLES
              For a CI job, that may scan in one project for a month:
                $ pratique key create ci --permission start_scan --permission read \\
                    --allow-project shop --expires-in-days 30

              Straight into a file that only you can read:
                $ pratique key create laptop --key-file ~/.pratique-key
            """
    )

    @Argument(help: "What to call it.")
    var name: String

    @Option(name: .customLong("permission"), help: "Allow only this. Can be given several times.")
    var permissions: [KeyPermission] = []

    @Option(
        name: .customLong("allow-project"),
        help: ArgumentHelp("Allow only this project. Can be given several times.", valueName: "id or name")
    )
    var projects: [String] = []

    @OptionGroup var lifetime: KeyLifetime

    @Option(
        help: ArgumentHelp("Write the key into this new file instead of printing it.", valueName: "file"),
        completion: .file()
    )
    var keyFile: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        // The file is made first: a key that cannot be kept should not be made.
        let file = try keyFile.map { try NewKeyFile(path: $0) }
        do {
            try await server.withSession { session in
                let request = APIRequest.create(APIPath("user", "api-keys"), try await body(session))
                let key: Received<Key> = try await session.client.send(request).decoded()
                guard let file else {
                    try session.show(key.json, as: key.value.table(showingKey: true))
                    return try session.console.note("the key is shown only now")
                }
                try file.write(key.value.key ?? "")
                try session.show(key.json.removing("key"), as: key.value.table(showingKey: false))
                try session.console.note("the key is in \(file.path)")
            }
        } catch {
            file?.discardIfEmpty()
            throw error
        }
    }

    private func body(_ session: Session) async throws -> JSONValue {
        var body = lifetime.adding(to: .fields(["name": name]), now: Date())
        if !permissions.isEmpty { body = body.adding("permissions", .strings(permissions.map(\.rawValue))) }
        if !projects.isEmpty {
            var ids: [String] = []
            for project in projects { ids.append("\(try await session.project(project))") }
            body = body.adding("projectIds", .strings(ids))
        }
        if server.connection.organization != nil {
            body = body.adding("organizationId", .string("\(try await session.organization())"))
        }
        return body
    }
}
