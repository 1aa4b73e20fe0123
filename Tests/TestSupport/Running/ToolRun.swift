import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs a program of the machine and returns what it printed. Throws when it fails.
@discardableResult
public func runTool(_ name: String, _ arguments: [String]) async throws -> String {
    let result = try await Subprocess.run(
        .name(name),
        arguments: Arguments(arguments),
        output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20)
    )
    guard result.terminationStatus.isSuccess else {
        throw ContractViolation(description: "\(name) failed: \(result.standardError)")
    }
    return result.standardOutput
}

/// Sets the soft limit on the size of the files that a process writes; the hard limit stays.
public func setFileSizeLimit(_ limit: String, of pid: Int32) async throws {
    try await runTool("prlimit", ["--pid", "\(pid)", "--fsize=\(limit):"])
}
