import ArgumentParser

/// `pratique doctor`.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything between here and a working command.",
        discussion: """
            Looks at the stored profile, the address, the certificate, the server, both clocks and the key. ✓ is well, \
            ! is worth a look, ✗ is broken; each trouble comes with its fix. Exit status 1 when something is broken.

            EXAMPLES
                $ pratique doctor
                $ pratique doctor --url https://pratique.example.org \\
                    --ca-certificate company-ca.pem
                $ pratique doctor -o json | jq '.checks[] | select(.verdict == "failed")'
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    private struct Report: Encodable {
        let checks: [DoctorCheck]
        let healthy: Bool
    }

    func run() async throws {
        var examination = Examination(options: server.connection, variables: ClientSettings.processVariables)
        await examination.run()
        let checks = examination.checks
        let healthy = checks.allSatisfy { $0.verdict != .failed }
        let console = Console.standard
        switch server.output {
        case .json: try console.write(json: Report(checks: checks, healthy: healthy))
        case .table: try console.write(checks.map(\.lines).joined())
        }
        if !healthy { throw ExitCode.failure }
    }
}
