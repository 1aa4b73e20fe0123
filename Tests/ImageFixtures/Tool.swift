import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Programs of the machine that have a second opinion.
package enum Tool {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Whether a program is there. Without it, its tests say so and pass.
    package static func isInstalled(_ name: String) -> Bool {
        ["/usr/bin", "/bin", "/usr/local/bin"].contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    /// Runs a program; throws what it says when it fails.
    @discardableResult
    package static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(name),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(name) failed: \(result.standardError)")
        }
        return result.standardOutput
    }

    /// Lends a new directory to `body` and deletes it afterwards.
    package static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("pratique-fixture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        do {
            let result = try await body(url.path)
            try FileManager.default.removeItem(at: url)
            return result
        } catch {
            try FileManager.default.removeItem(at: url)
            throw error
        }
    }

    /// Path and content of all regular files below a directory.
    package static func files(below directory: String) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        let entries = FileManager.default.enumerator(atPath: directory)
        while let path = entries?.nextObject() as? String {
            guard entries?.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            found[path] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(path)")))
        }
        return found
    }
}
