import ArgumentParser
import Foundation
import Sealing

/// `pratique login`.
struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Remember a server and a key for it.",
        discussion: """
            The key is tried before it is stored. The file is ~/.config/pratique/profile.json (or below \
            XDG_CONFIG_HOME), and only you can read it. The organization and the project are remembered too, when they \
            are given or there is only one.

            EXAMPLES
              The key is asked for:
                $ pratique login --url https://pratique.example.org

              From a password manager:
                $ pass show pratique | pratique login --url https://pratique.example.org

              A server with a certificate of your own CA:
                $ pratique login --url https://pratique.example.org \\
                    --ca-certificate company-ca.pem
            """
    )

    @Option(help: ArgumentHelp("The key's file; - is standard input.", valueName: "file"), completion: .file())
    var keyFile: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        let variables = ClientSettings.processVariables
        let settings = try ClientSettings(login: server.connection, variables: variables)
        try settings.address.requireProtection(insecureHTTP: settings.insecureHTTP)
        let source = SecretSource.choose(
            file: keyFile,
            variable: nil,
            variables: variables,
            inputIsTerminal: isatty(STDIN_FILENO) == 1
        )
        let key = try source.read(label: "key for \(settings.address)", variables: variables)
        try await APIClient.withClient(settings, key: key) { client in
            let session = Session(
                client: client,
                settings: settings,
                project: server.connection.project,
                output: server.output,
                console: .standard
            )
            try await store(session, key: key, in: ProfileFile(variables: variables))
        }
    }

    private func store(_ session: Session, key: Secret, in file: ProfileFile) async throws {
        let user: Received<UserProfile> = try await session.client.send(.get(APIPath("user", "profile"))).decoded()
        var profile = ServerProfile(address: session.client.address, key: key)
        profile.caCertificate = session.settings.caCertificate.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        profile.organization = try organization(of: user.value, session)
        if let organization = profile.organization {
            profile.project = try await project(of: organization.id, session)
        }
        try file.save(profile)
        try session.show(user.json, as: user.value.table(address: session.client.address))
        try session.console.note("stored in \(file.path)")
        let shadowing = ["PRATIQUE_URL", "PRATIQUE_API_KEY", "PRATIQUE_API_KEY_FILE", "PRATIQUE_ORGANIZATION"]
        for name in shadowing where ClientSettings.value(name, in: ClientSettings.processVariables) != nil {
            try session.console.note("\(name) is set, and goes before what was stored")
        }
    }

    /// The one that was named, that the key is bound to, or that is the only one; else none is remembered.
    private func organization(of user: UserProfile, _ session: Session) throws -> ServerProfile.Choice? {
        let named = session.settings.organization ?? user.apiKey?.organizationId?.description
        if named == nil, user.organizations.count != 1 { return nil }
        let chosen = try Session.choose(named, from: user)
        return ServerProfile.Choice(id: chosen.id, name: chosen.name)
    }

    private func project(of organization: ResourceID, _ session: Session) async throws -> ServerProfile.Choice? {
        let projects: [Project]
        do {
            projects = try await session.projects(of: organization).values
        } catch let failure as APIFailure where failure.status == 403 && server.connection.project == nil {
            // A narrow key may not list them; then there is no default, and the login is good all the same.
            return nil
        }
        if let named = server.connection.project {
            let found = try NameMatch.find(named, in: projects, noun: "project", id: \.id, name: \.name)
            return ServerProfile.Choice(id: found.id, name: found.name)
        }
        guard projects.count == 1, let only = projects.first else { return nil }
        return ServerProfile.Choice(id: only.id, name: only.name)
    }
}
