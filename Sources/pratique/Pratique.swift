import ArgumentParser
import Foundation
import Server

/// The root of the command line: `pratique <noun> <verb>`.
@main
struct Pratique: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pratique",
        abstract: "Keep container-registry credentials, and never show them again.",
        discussion: """
            An organization stores its registry credentials in a Pratique server once; its projects use them, and nobody \
            reads them back. Data goes to standard output, everything else to standard error. Exit status: 0 done, \
            1 failed, 64 wrong usage.

            EXAMPLES
              Log in, and see who the server says you are:
                $ pratique login --url https://pratique.example.org
                $ pratique whoami

              Store a Harbor robot account; the password is asked for:
                $ pratique credential add harbor --harbor-url https://harbor.example.org \\
                    --harbor-project shop --username 'robot$shop+ci' --project shop

              Find out what is wrong when nothing works:
                $ pratique doctor
            """,
        version: Release.version,
        subcommands: [
            Login.self,
            Logout.self,
            WhoAmI.self,
            CredentialCommand.self,
            ImageCommand.self,
            ScanCommand.self,
            FindingCommand.self,
            BillCommand.self,
            ProjectCommand.self,
            OrganizationCommand.self,
            KeyCommand.self,
            Inspect.self,
            AdvisoryCommand.self,
            Doctor.self,
            Serve.self,
            Config.self,
        ]
    )

    /// Replaces ArgumentParser's own `main`, so that every failure is worded and coded in one place: ``FailureReport``.
    static func main() async {
        // A program that closes its end of a pipe early, such as a login program, must not end this one.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try await asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let report = FailureReport(error)
            report.write()
            Foundation.exit(report.exitCode)
        }
    }
}
