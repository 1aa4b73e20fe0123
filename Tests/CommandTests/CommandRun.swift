import Foundation
import Subprocess
import Testing

/// One run of the built program, with nothing of the caller's environment.
struct CommandRun {
    let exitCode: Int32
    let output: String
    let complaints: String

    init(_ arguments: [String], variables: [String: String] = [:], input: String = "") async throws {
        var environment: [Environment.Key: String] = ["PATH": try Self.programFolder()]
        for (name, value) in variables { environment[Environment.Key(stringLiteral: name)] = value }
        let result = try await run(
            .name("pratique"),
            arguments: Arguments(arguments),
            environment: .custom(environment),
            input: .string(input),
            output: .string(limit: 1_048_576),
            error: .string(limit: 1_048_576)
        )
        guard case .exited(let code) = result.terminationStatus else {
            throw Died(status: "\(result.terminationStatus)")
        }
        exitCode = Int32(code)
        output = result.standardOutput
        complaints = result.standardError
    }

    struct Died: Error {
        let status: String
    }

    /// The program stands beside the bundle of the tests.
    static func programFolder() throws -> String {
        let bundle = try #require(CommandLine.arguments.first { $0.contains(".xctest") })
        let range = try #require(bundle.range(of: "/[^/]*\\.xctest.*", options: .regularExpression))
        return String(bundle[..<range.lowerBound])
    }
}
