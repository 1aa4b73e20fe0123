import AsyncHTTPClient
import Foundation
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The real program, `pratique serve`, in a process of its own, for what cannot be tried inside of the test's process: being
/// killed, running out of disk, its argv.
public struct ServeProcess: Sendable {
    /// The process.
    public let pid: Int32
    /// The port that it listens on.
    public let port: Int
    private let client: HTTPClient
    private let lines: LineRecord

    /// The binary that was built with the tests.
    public static var binary: String {
        get throws {
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let candidates = [bundle, CommandLine.arguments[0]].map {
                URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("pratique").path
            }
            return try candidates.first { FileManager.default.isExecutableFile(atPath: $0) }.found(
                "pratique beside the tests"
            )
        }
    }

    /// What it wrote to standard error so far.
    public var log: [String] { lines.all }

    /// Ends it as a power failure would.
    public func kill() { _ = Glibc.kill(pid, SIGKILL) }

    /// Asks it to stop, as an operator does.
    public func terminate() { _ = Glibc.kill(pid, SIGTERM) }

    /// Returns when its standard error is closed, which is when it ended.
    public func logEnds() async { await lines.ended() }

    /// Sends a request with the key `key`. The answer is not held against the OpenAPI document.
    public func send(
        _ method: String,
        _ target: String,
        key: String?,
        _ json: TestJSON? = nil,
        headers more: [(String, String)] = []
    ) async throws -> Answer {
        let wire = Wire(client: client, base: "http://127.0.0.1:\(port)")
        let headers = (key.map { [("x-api-key", $0)] } ?? []) + more
        return try await wire.send(
            method,
            target,
            headers: headers + (json == nil ? [] : [("content-type", "application/json")]),
            body: try json.map { .bytes(try $0.bytes) }
        )
    }

    init(pid: Int32, port: Int, client: HTTPClient, lines: LineRecord) {
        (self.pid, self.port, self.client, self.lines) = (pid, port, client, lines)
    }
}

/// How a ``ServeProcess`` ended.
public struct ServeOutcome<Result: Sendable>: Sendable {
    /// What the body gave; nil when the process ended before it listened.
    public let result: Result?
    /// The exit code; nil when a signal ended it.
    public let exitCode: Int32?
    /// All of standard output.
    public let output: String
    /// All of standard error.
    public let log: [String]
}

/// Runs `pratique serve` on the data in `directory` for the time of `body`; it is killed at the end unless it has ended itself.
/// A `prefix` is a command that starts the program given as its further arguments.
public func withServeProcess<Result: Sendable>(
    in directory: TemporaryDirectory,
    prefix: [String] = [],
    arguments: [String] = [],
    environment: [String: String] = [:],
    _ body: @Sendable @escaping (ServeProcess) async throws -> Result
) async throws -> ServeOutcome<Result> {
    let command =
        prefix + [
            try ServeProcess.binary, "serve", "--data-directory", directory.file("data"), "--port", "0",
        ] + arguments
    let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: try clientConfiguration(trusting: nil)
    )
    var variables: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "HOME": directory.path]
    for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
    let (lines, output) = (LineRecord(), LineRecord())
    do {
        let ended = try await Subprocess.run(
            .path(FilePath(command[0])),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(variables),
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution -> Result? in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ports, source) = AsyncStream.makeStream(of: Int.self)
                group.addTask {
                    for try await line in execution.standardError.strings() {
                        lines.append(line)
                        if let port = listeningPort(in: line) { source.yield(port) }
                    }
                    source.finish()
                    lines.end()
                }
                group.addTask {
                    for try await line in execution.standardOutput.strings() { output.append(line) }
                }
                let port = await ports.first { _ in true }
                let pid = execution.processIdentifier.value
                defer { _ = Glibc.kill(pid, SIGKILL) }
                guard let port else { return nil }
                return try await body(ServeProcess(pid: pid, port: port, client: client, lines: lines))
            }
        }
        try await client.shutdown()
        let code: Int32? = if case .exited(let code) = ended.terminationStatus { code } else { nil }
        return ServeOutcome(
            result: ended.closureResult,
            exitCode: code,
            output: output.all.joined(separator: "\n"),
            log: lines.all
        )
    } catch {
        try await client.shutdown()
        throw error
    }
}

/// Lines as they come, until they end.
final class LineRecord: Sendable {
    private let state = Mutex<[String]>([])
    private let (lifetime, source) = AsyncStream.makeStream(of: Never.self)

    var all: [String] { state.withLock { $0 } }

    func append(_ line: String) { state.withLock { $0.append(line) } }

    func end() { source.finish() }

    /// For one who waits.
    func ended() async { for await _ in lifetime {} }
}

/// The port in the log line that tells that the server listens.
private func listeningPort(in line: String) -> Int? {
    guard let json = try? TestJSON(line.utf8), json["message"] == "listening" else { return nil }
    return json["address"].string?.split(separator: ":").last.flatMap { Int($0) }
}
