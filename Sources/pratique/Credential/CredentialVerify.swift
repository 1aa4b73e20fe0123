import ArgumentParser

/// `pratique credential verify`.
struct CredentialVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a credential against its registry, step by step.",
        discussion: """
            The server asks the registry now and judges by what it grants. ✓ is as it should be, ! is worth a look, ✗ is \
            broken, - was not tried. Exit status 1 when the credential cannot be used.

            EXAMPLES
                $ pratique credential verify harbor-ci
                $ pratique credential verify harbor-ci -o json | jq .rights.excess

              What the last probe came to, without a new one:
                $ pratique credential verify harbor-ci --last

              The registry was moved to another token service, as you know:
                $ pratique credential verify ci --approve-realm https://auth.example.org
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @Flag(help: "Show the last probe instead of making one.")
    var last = false

    @Option(
        help: ArgumentHelp(
            "Let the secret go to this token service from now on, if it is proven there.",
            valueName: "scheme://host"
        )
    )
    var approveRealm: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (organization, found) = try await session.credential(credential)
            let read = APIRequest.get(try session.path(of: found.value, in: organization, "verification"))
            let received: Received<CredentialVerification>
            if last {
                received = try await session.client.send(read).decoded()
            } else {
                let path = try session.path(of: found.value, in: organization, "verify")
                let body = approveRealm.map { JSONValue.object(["approveRealm": .string($0)]) }
                received = try await session.outcome(of: .post(path, body), read)
            }
            switch server.output {
            case .json: try session.console.write(json: received.json)
            case .table:
                let isStyled = session.console.isStyled
                let title = "\(found.value.title): \(found.value.location ?? found.value.registryType ?? "")"
                try session.console.write(
                    Paint.bold(title, styled: isStyled) + "\n" + received.value.report(styled: isStyled)
                )
            }
            if !received.value.isGood { throw ExitCode.failure }
        }
    }
}

extension Session {
    /// How long somebody at a terminal waits for a slow registry before the end can be read another time.
    private static let looks = 60

    /// What a probe comes to. The server answers after ten seconds at the latest; a probe that goes on then is looked at until it
    /// has ended.
    fileprivate func outcome(
        of probe: APIRequest,
        _ read: APIRequest
    ) async throws -> Received<CredentialVerification> {
        let answer = try await client.send(probe)
        if let note = answer.note { try console.note(note) }
        let first: Received<CredentialVerification> = try answer.decoded()
        guard first.value.state == "pending" else { return first }
        try console.note("the registry is slow; waiting for its end")
        for _ in 0..<Self.looks {
            try await Task.sleep(for: .seconds(2))
            let now: Received<CredentialVerification> = try await client.send(read).decoded()
            if now.value.checkedAt != first.value.checkedAt { return now }
        }
        return first
    }
}
