import Foundation
import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A PostgreSQL server of its own for one test: a new cluster in a temporary directory, reached over a Unix socket only.
///
/// PostgreSQL refuses to run as root, so a root runs it as the user `postgres`.
public struct ThrowawayPostgreSQL: Sendable {
    private static let binaries = "/usr/lib/postgresql/15/bin"
    private let directory: TemporaryDirectory

    /// Why no server can be started here; nil when one can.
    public static let obstacle: String? = {
        guard access("\(binaries)/initdb", X_OK) == 0 else { return "PostgreSQL 15 is not installed" }
        guard geteuid() == 0 else { return nil }
        guard getpwnam("postgres") != nil else { return "root cannot run PostgreSQL, and there is no user postgres" }
        guard access("/usr/sbin/runuser", X_OK) == 0 else { return "there is no runuser" }
        return nil
    }()

    /// Starts a server, lends it to `body`, and stops and deletes it.
    public static func with<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (ThrowawayPostgreSQL) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { directory in
            if geteuid() == 0, let user = getpwnam("postgres") {
                _ = chown(directory.path, user.pointee.pw_uid, user.pointee.pw_gid)
            }
            let server = ThrowawayPostgreSQL(directory: directory)
            let data = directory.file("data")
            _ = try await server.run(
                "initdb",
                ["--no-sync", "--auth=trust", "--username=test", "--encoding=UTF8", data]
            )
            let options = "-c listen_addresses='' -c fsync=off -c unix_socket_directories='\(directory.path)'"
            _ = try await server.run(
                "pg_ctl",
                ["--pgdata", data, "--wait", "--log", "\(data)/log", "--options", options, "start"]
            )
            do {
                let result = try await body(server)
                _ = try await server.run("pg_ctl", ["--pgdata", data, "--mode=immediate", "stop"])
                return result
            } catch {
                _ = try await server.run("pg_ctl", ["--pgdata", data, "--mode=immediate", "stop"])
                throw error
            }
        }
    }

    /// Runs statements in one session, each on its own; returns what the server complained of, with the statement.
    public func complaints(of statements: [String]) async throws -> [String] {
        let script = statements.map { "\($0);\n" }.joined()
        let output = try await run(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--host", directory.path, "--username=test", "--dbname=postgres",
                "--echo-errors",
            ],
            input: script
        )
        return output.isEmpty ? [] : [output]
    }

    /// What a program said on both outputs; throws when it failed.
    private func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
        var command = ["\(ThrowawayPostgreSQL.binaries)/\(program)"] + arguments
        if geteuid() == 0 { command = ["/usr/sbin/runuser", "-u", "postgres", "--"] + command }
        let result = try await Subprocess.run(
            .path(FilePath(command[0])),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
            workingDirectory: FilePath(directory.path),
            input: .string(input),
            output: .string(limit: 1 << 20),
            error: .combinedWithOutput
        )
        let output = result.standardOutput
        guard result.terminationStatus.isSuccess else { throw Failure(program: program, output: output) }
        return output
    }

    /// A program that did not succeed.
    public struct Failure: Error {
        /// Its name.
        public let program: String
        /// What it said.
        public let output: String
    }
}
