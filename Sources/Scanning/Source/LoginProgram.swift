import Foundation
import OCI
import Sealing
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program that keeps logins: `docker-credential-<name>`. Source: docker-credential-helpers README, "Development".
struct LoginProgram: Sendable {
    let name: String
    /// What it sees of the environment; `PATH` tells where it is.
    let environment: [String: String]
    var deadline = LoginProgram.defaultDeadline

    /// An answer is one small JSON object.
    static let answerLimitInBytes = 64 << 10
    /// A helper may ask its user to unlock something.
    static let defaultDeadline = Duration.seconds(30)

    private struct Answer: Decodable {
        var Username: String
        var Secret: String
    }

    private var program: String { "docker-credential-\(name)" }

    /// The login for `server`; nil when the helper has none. Nothing that it prints is repeated in an error.
    func login(server: String) async throws -> (username: String, password: Secret)? {
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 32 && $0 < 127 }), !name.isEmpty else {
            throw ScanError(.helperFailed, "the Docker configuration names a credential helper that is no program name")
        }
        let (isGood, output) = try await withinDeadline { try await ask(server) }
        guard isGood else {
            let text = String(decoding: output.prefix(200), as: UTF8.self)
            if text.contains("credentials not found") { return nil }
            throw ScanError(
                .helperFailed,
                "the credential helper \(program) gave no login for \(server)",
                hint: "Log in again with docker login, or give --username and --password-stdin"
            )
        }
        // The decoder's own words could quote the password.
        guard JSONBounds.isShallow(output), let answer = try? JSONDecoder().decode(Answer.self, from: Data(output))
        else {
            throw ScanError(.helperFailed, "the credential helper \(program) answered something that is no login")
        }
        return answer.Secret.isEmpty ? nil : (answer.Username, Secret(answer.Secret))
    }

    private func ask(_ server: String) async throws -> (isGood: Bool, output: [UInt8]) {
        var options = PlatformOptions()
        // What it starts must not outlive it and hold its output open.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100))
        ]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await run(
                .name(program),
                arguments: ["get"],
                environment: .custom(variables),
                platformOptions: options,
                input: .fileDescriptor(try LoginProgram.question(server), closeAfterSpawningProcess: true),
                output: .bytes(limit: LoginProgram.answerLimitInBytes),
                error: .discarded
            )
            return (result.terminationStatus.isSuccess, result.standardOutput)
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw ScanError(.helperFailed, "the credential helper \(program) answered something that is no login")
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw ScanError(
                .helperFailed,
                "the credential helper \(program) is not installed",
                hint: "The Docker configuration names it; install it, or go without with --anonymous"
            )
        } catch let error where error is SubprocessError || error is Errno {
            try Task.checkCancellation()
            throw ScanError(.helperFailed, "the credential helper \(program) cannot be run")
        }
    }

    /// The question in a pipe, closed behind it. A program that ends without reading it would break a pipe that is still written
    /// to, and the library ends the process for that.
    private static func question(_ server: String) throws -> FileDescriptor {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        do {
            // Far below what a pipe holds, so that writing never waits.
            try writeEnd.closeAfter { _ = try writeEnd.writeAll(server.utf8.prefix(4_096)) }
        } catch {
            try readEnd.close()
            throw error
        }
        return readEnd
    }

    private func withinDeadline<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let late = ScanError(.helperFailed, "the credential helper \(program) did not answer in \(deadline)")
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: deadline)
                throw late
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw late }
            return first
        }
    }
}
