import Foundation
import Glibc
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Debian's `docker-registry` as a process of its own; nothing of ours is in it.
package enum DockerRegistryProcess {
    /// It ended on its own; what it wrote last.
    package struct Ended: Error, CustomStringConvertible {
        package let description: String
    }

    /// Why none can be started here, with an account and TLS, and be filled; nil when one can.
    package static let obstacle: String? = {
        let missing = ["docker-registry", "htpasswd", "openssl", "skopeo"].filter {
            access("/usr/bin/\($0)", X_OK) != 0
        }
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: ", "))"
    }()

    /// Starts it with the file `configuration`, lends its port to `body`, and ends it.
    ///
    /// The file must ask for the address `127.0.0.1:0`, TLS, and a log at the level `info`, which names the port.
    package static func run<Result: Sendable>(
        configuration: String,
        home: String,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        try await Subprocess.run(
            .path("/usr/bin/docker-registry"),
            arguments: ["serve", configuration],
            environment: .custom(["PATH": "/usr/bin:/bin", "HOME": home]),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution -> Result in
            let (ports, listening) = AsyncThrowingStream.makeStream(of: Int.self)
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                // Read to its end, or a full pipe would stop the registry in the middle of a request.
                group.addTask {
                    var log: [String] = []
                    for try await line in execution.standardError.strings() {
                        log = log.suffix(20) + [line]
                        let port = line.firstMatch(of: /listening on 127\.0\.0\.1:([0-9]+), tls/)?.1
                        if let port = port.flatMap({ Int($0) }) { listening.yield(port) }
                    }
                    listening.finish(throwing: Ended(description: "docker-registry ended: \(log.joined())"))
                    return nil
                }
                group.addTask {
                    for try await port in ports { return try await body(port) }
                    throw CancellationError()
                }
                // Its end ends the reading of its log, which the group waits for.
                defer { _ = kill(execution.processIdentifier.value, SIGKILL) }
                while let end = try await group.next() {
                    if let result = end { return result }
                }
                throw CancellationError()
            }
        }.closureResult
    }
}
