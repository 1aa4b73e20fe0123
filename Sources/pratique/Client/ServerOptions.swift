import ArgumentParser

/// The options that every command takes: which server, and in whose name.
///
/// The key is not among them: the arguments of a process can be read by every user of the machine.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server's address. (env: PRATIQUE_URL)", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The organization. (env: PRATIQUE_ORGANIZATION)", valueName: "id or name"))
    var organization: String?

    @Option(help: ArgumentHelp("The project. (env: PRATIQUE_PROJECT)", valueName: "id or name"))
    var project: String?

    @Option(
        help: ArgumentHelp(
            "Certificates to trust besides the system's. (env: PRATIQUE_CA_CERTIFICATE)",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem", "crt", "cer"])
    )
    var caCertificate: String?

    @Flag(name: .customLong("insecure-http"), help: "Send the key over http:// to another machine all the same.")
    var insecureHTTP = false
}

/// The options of every command that prints tables or JSON.
struct ServerOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Option(name: .shortAndLong, help: "Print a table for people or JSON for programs.")
    var output: OutputFormat = .table
}

extension ServerOptions {
    /// Runs `body` with a client that has a key, and closes its connections afterwards.
    func withSession(_ body: (Session) async throws -> Void) async throws {
        try await connection.withSession(output: output, body)
    }
}

extension ConnectionOptions {
    /// Runs `body` with a client that has a key, and closes its connections afterwards.
    func withSession(output: OutputFormat, _ body: (Session) async throws -> Void) async throws {
        let settings = try ClientSettings(options: self, variables: ClientSettings.processVariables)
        guard let key = settings.key else {
            throw CommandFailure.usage(
                "there is no key for \(settings.address)",
                hint: "pratique login --url \(settings.address), or set PRATIQUE_API_KEY or PRATIQUE_API_KEY_FILE"
            )
        }
        try await APIClient.withClient(settings, key: key) { client in
            let session = Session(
                client: client,
                settings: settings,
                project: project,
                output: output,
                console: .standard
            )
            try await body(session)
        }
    }
}
