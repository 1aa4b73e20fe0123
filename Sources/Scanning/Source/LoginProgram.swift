import Foundation
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

    /// An answer is one small JSON object.
    static let answerLimitInBytes = 64 << 10
    /// A helper may ask its user to unlock something.
    static let deadline = Duration.seconds(30)

    private struct Answer: Decodable {
        var Username: String
        var Secret: String
    }

    /// The login for `server`; nil when the helper has none.
    func login(server: String) async throws -> (username: String, password: Secret)? {
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 32 && $0 < 127 }), !name.isEmpty else {
            throw ScanError(.helperFailed, "the Docker configuration names a credential helper that is no program name")
        }
        let program = "docker-credential-\(name)"
        let result = try await Self.within(Self.deadline, program) {
            try await run(
                .name(program),
                arguments: ["get"],
                input: .string(server),
                output: .bytes(limit: Self.answerLimitInBytes),
                error: .discarded
            )
        }
        guard case .exited(0) = result.terminationStatus else {
            let text = String(decoding: result.standardOutput.prefix(200), as: UTF8.self)
            if text.contains("credentials not found") { return nil }
            throw ScanError(
                .helperFailed,
                "the credential helper \(program) gave no login for \(server)",
                hint: "Log in again with docker login, or give --username and --password-stdin"
            )
        }
        do {
            let answer = try JSONDecoder().decode(Answer.self, from: Data(result.standardOutput))
            return (answer.Username, Secret(answer.Secret))
        } catch {
            throw ScanError(.helperFailed, "the credential helper \(program) answered something that is no login")
        }
    }

    private static func within<Result: Sendable>(
        _ deadline: Duration,
        _ program: String,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask {
                do {
                    return try await body()
                } catch let error as SubprocessError {
                    throw ScanError(
                        .helperFailed,
                        "the credential helper \(program) cannot be run",
                        hint: "It is named in the Docker configuration; install it or remove the entry (\(error.code))"
                    )
                }
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw ScanError(.helperFailed, "the credential helper \(program) did not answer in \(deadline)")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else {
                throw ScanError(.helperFailed, "the credential helper \(program) cannot be run")
            }
            return first
        }
    }
}
