import Foundation
import NIOSSL
import Registries
import Sealing
import Subprocess

/// A certificate authority of a test, made with openssl, and certificates of it.
struct TestAuthority: Sendable {
    let caPEM: String
    private let folder: URL

    /// A certificate with its key, PEM.
    struct Pair: Sendable {
        let certificatePEM: String
        let keyPEM: String
    }

    /// A new authority, whose files are deleted when `body` ends.
    static func run<Result>(_ body: (TestAuthority) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("authority-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", folder.path + "/ca.key", "-out", folder.path + "/ca.pem",
        ])
        return try await body(TestAuthority(caPEM: try read(folder, "ca.pem"), folder: folder))
    }

    /// A certificate for these names and addresses, written as `DNS:x` and `IP:y`.
    func issue(_ names: String, name: String = UUID().uuidString) async throws -> Pair {
        let base = folder.path + "/" + name
        try await TestAuthority.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(name.prefix(20))", "-CA", folder.path + "/ca.pem", "-CAkey", folder.path + "/ca.key",
            "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
            "-keyout", base + ".key", "-out", base + ".pem",
        ])
        return Pair(
            certificatePEM: try TestAuthority.read(folder, name + ".pem"),
            keyPEM: try TestAuthority.read(folder, name + ".key")
        )
    }

    /// What a server with this certificate needs; with `asksForClient` it wants a certificate of this authority from its clients.
    func server(_ pair: Pair, asksForClient: Bool = false) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pair.certificatePEM.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.keyPEM.utf8), format: .pem))
        )
        if asksForClient {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(caPEM.utf8)))
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Trust in this authority, with a client certificate if one is given.
    func trust(client: Pair? = nil) throws -> TLSTrust {
        try TLSTrust(
            caCertificatePEM: caPEM,
            clientCertificatePEM: client?.certificatePEM,
            clientKeyPEM: client.map { Secret($0.keyPEM) }
        )
    }

    private static func read(_ folder: URL, _ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    private static func openssl(_ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .name("openssl"),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw ToolFailure(message: result.standardError) }
    }

    struct ToolFailure: Error {
        let message: String
    }
}
