import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOSSL
public import Registries
public import Server
import Synchronization

/// A whole Pratique in this process, listening on a free port of 127.0.0.1, with a data directory of its own.
public struct RunningServer: Sendable {
    /// Holds `data`, the file `first-key` and the file `log`, which is outside of the data directory.
    public let directory: TemporaryDirectory
    /// The port that it listens on.
    public let port: Int
    /// Its own documentation, as it tells it.
    public let api: APIContract
    /// Every answer that it gave to this test, in order.
    public let transcript: Transcript
    /// The first administrator.
    public let first: FirstAdministrator
    private let server: PratiqueServer
    let client: HTTPClient
    let scheme: String
    private let sink: LogSink

    /// The registries beside it, if there are any.
    public let registries: StubRegistries?

    /// What the first start made.
    public struct FirstAdministrator: Sendable {
        /// The API key.
        public let key: String
        /// The user.
        public let user: String
        /// The organization.
        public let organization: String
        /// The project `default`.
        public let project: String
    }

    /// The path of the data directory.
    public var dataDirectory: String { directory.file("data") }

    /// Every log line so far.
    public func log() throws -> String {
        sink.flush()
        return String(decoding: try directory.contents(of: "log"), as: UTF8.self)
    }

    /// Begins the server's end, as a signal does.
    public func stop() async { await server.stop() }

    /// The status of `/livez` for a request with these headers. The answer is looked at no further: what cannot be read as a
    /// request is answered below the rules that hold for all answers.
    public func statusOfLiveness(_ headers: [(String, String)]) async throws -> Int {
        try await Wire(client: client, base: "\(scheme)://127.0.0.1:\(port)").send("GET", "/livez", headers: headers)
            .status
    }

    /// Somebody who sends requests with the first administrator's key.
    public var admin: Caller { Caller(server: self, key: first.key) }

    /// Somebody who sends requests with `key`; nil sends none.
    public func caller(_ key: String?) -> Caller { Caller(server: self, key: key) }

    init(
        directory: TemporaryDirectory,
        port: Int,
        server: PratiqueServer,
        client: HTTPClient,
        scheme: String,
        sink: LogSink,
        knownKey: String?,
        registries: StubRegistries?
    ) async throws {
        self.registries = registries
        (self.directory, self.port, self.server, self.client) = (directory, port, server, client)
        (self.scheme, self.sink, transcript) = (scheme, sink, Transcript())
        let wire = Wire(client: client, base: "\(scheme)://127.0.0.1:\(port)")
        api = try APIContract.own(await wire.send("GET", "/openapi.json").body)
        let key = try knownKey ?? RunningServer.firstKey(in: directory)
        let auth = [("x-api-key", key)]
        let profile = try await wire.send("GET", "/user/profile", headers: auth).json
        let organization = profile["organizations"][0]["id"].string ?? ""
        let projects = try await wire.send("GET", "/organization/\(organization)/projects", headers: auth)
        first = FirstAdministrator(
            key: key,
            user: profile["id"].string ?? "",
            organization: organization,
            project: (try? projects.json)?["projects"][0]["id"].string ?? ""
        )
    }

    private static func firstKey(in directory: TemporaryDirectory) throws -> String {
        String(decoding: try directory.contents(of: "first-key"), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Every answer of a server, for a test that searches them all.
public final class Transcript: Sendable {
    private let state = Mutex<[Answer]>([])

    /// The answers so far.
    public var answers: [Answer] { state.withLock { $0 } }

    func append(_ answer: Answer) { state.withLock { $0.append(answer) } }
}

/// How a server of a test differs from one with nothing configured.
public struct ServerOptions: Sendable {
    /// Flags beside those that every test server gets.
    public var flags: [String: String] = [:]
    /// How long a request may take to arrive.
    public var requestDeadline: Duration = RequestLimits.requestDeadline
    /// How long a client may take nothing of an answer.
    public var readerDeadline: Duration = RequestLimits.readerDeadline
    /// PEM file of the certificate that the client trusts; it speaks TLS then.
    public var trustedCertificate: String?
    /// The administrator's key, where the key file is gone.
    public var knownKey: String?
    /// Registries whose accounts are stored.
    public var registries: StubRegistries?
    /// Whether registries are really asked.
    public var asksRegistries = false
    /// What is asked in place of registries.
    public var registry: any Registry = ScriptedRegistry()
    /// What time is to the verifier.
    public var verifierClock = VerifierClock.system

    /// What gives the client of each kind; nil for the real ones.
    var clients: (@Sendable (RegistryKind) -> any Registry)? {
        guard !asksRegistries, registries == nil else { return nil }
        let registry = registry
        return { _ in registry }
    }

    /// No difference.
    public init() {}
}

/// Runs a server for the time of `body` and stops it, also when `body` throws. With `directory`, the server of an earlier call
/// starts again on the same data.
public func withServer<Result>(
    in directory: TemporaryDirectory? = nil,
    options: ServerOptions = ServerOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (RunningServer) async throws -> Result
) async throws -> Result {
    guard let directory else {
        return try await withTemporaryDirectory { try await withServer(in: $0, options: options, body) }
    }
    let log = open(directory.file("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(log) }
    let sink = LogSink(descriptor: log)
    defer { sink.flush() }
    let settings = try testSettings(in: directory, flags: options.flags)
    let logger = Logger(label: "pratique.test") { _ in JSONLogHandler(sink: sink, level: settings.logLevel) }
    let (ports, portSource) = AsyncStream.makeStream(of: Int.self)
    let server = try await PratiqueServer(
        settings,
        logger: logger,
        stopsOnSignals: false,
        requestDeadline: options.requestDeadline,
        readerDeadline: options.readerDeadline,
        registries: options.clients,
        clock: options.verifierClock,
        onListening: { portSource.yield($0) }
    )
    // Unstructured: the server must outlive the waiting for its port and end before this function does, which it awaits.
    let running = Task {
        defer { portSource.finish() }
        try await server.run()
    }
    guard let port = await ports.first(where: { _ in true }) else {
        try await running.value
        throw ServerDidNotListen()
    }
    let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: try clientConfiguration(trusting: options.trustedCertificate)
    )
    do {
        let scheme = options.trustedCertificate == nil ? "http" : "https"
        let result = try await body(
            RunningServer(
                directory: directory,
                port: port,
                server: server,
                client: client,
                scheme: scheme,
                sink: sink,
                knownKey: options.knownKey,
                registries: options.registries
            )
        )
        await server.stop()
        try await client.shutdown()
        try await running.value
        return result
    } catch {
        await server.stop()
        try await client.shutdown()
        try await running.value
        throw error
    }
}

/// The settings of a server whose data is in `directory`.
public func testSettings(in directory: TemporaryDirectory, flags: [String: String] = [:]) throws -> ServerSettings {
    var all = [
        "data-directory": directory.file("data"), "port": "0", "bootstrap-key-file": directory.file("first-key"),
        "log-level": "trace",
        // Nothing is probed or scanned unasked, so that only what a test does changes the database.
        "verify-interval-hours": "0", "scan-concurrency": "0",
    ]
    all.merge(flags) { $1 }
    all = all.filter { !$0.value.isEmpty }
    return try ServerSettings(reader: SettingsSources(flags: all, environment: [:], path: nil).reader, environment: [:])
}

func clientConfiguration(trusting certificate: String?) throws -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
        redirectConfiguration: .disallow,
        timeout: .init(connect: .seconds(30), read: .seconds(90))
    )
    // A server that is gone is gone: without this a request would wait for it until its deadline.
    configuration.connectionPool.retryConnectionEstablishment = false
    // More than any test holds open at once.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    if let certificate {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificate)
        configuration.tlsConfiguration = tls
    }
    return configuration
}

/// The server ended before it listened, without an error.
public struct ServerDidNotListen: Error {}
