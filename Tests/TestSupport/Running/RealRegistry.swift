import Foundation
import RegistryStubs

/// Debian's `docker-registry` on a port of 127.0.0.1, with one account in an htpasswd file and TLS from a CA of its own; nothing
/// of ours is in it.
public struct RealRegistry: Sendable {
    /// `127.0.0.1:port`.
    public let host: String
    /// The account.
    public let username = "ci"
    /// Its password.
    public let password: String
    private let directory: TemporaryDirectory

    /// Why none can be started here; nil when one can.
    public static let obstacle = DockerRegistryProcess.obstacle

    /// The CA's certificate in PEM.
    public var caPEM: String { get throws { String(decoding: try directory.contents(of: "ca.pem"), as: UTF8.self) } }

    /// Starts a registry, lends it to `body`, and stops and deletes it.
    public static func with<Result: Sendable>(
        password: String = "Real-Secret-1",
        _ body: @Sendable @escaping (RealRegistry) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { directory in
            try await prepare(directory, password: password)
            return try await DockerRegistryProcess.run(
                configuration: directory.file("registry.yml"),
                home: directory.path
            ) { port in
                try await body(RealRegistry(host: "127.0.0.1:\(port)", password: password, directory: directory))
            }
        }
    }

    private static func prepare(_ directory: TemporaryDirectory, password: String) async throws {
        let (ca, key) = (directory.file("ca.pem"), directory.file("ca.key"))
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try await runTool("openssl", ["req", "-x509", "-subj", "/CN=Test CA", "-keyout", key, "-out", ca] + curve)
        try await runTool(
            "openssl",
            [
                "req", "-x509", "-subj", "/CN=registry", "-CA", ca, "-CAkey", key, "-addext",
                "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout",
                directory.file("tls.key"), "-out", directory.file("tls.pem"),
            ] + curve
        )
        // A test's password may stand in the process list; htpasswd's other way is standard input.
        let account = try await runTool("htpasswd", ["-nbB", "-C", "5", "ci", password])
        try write(account, directory, "htpasswd")
        try write(
            """
            version: 0.1
            log: {level: info, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: \(directory.file("content"))}}
            auth: {htpasswd: {realm: test, path: \(directory.file("htpasswd"))}}
            http:
              addr: 127.0.0.1:0
              secret: test
              tls: {certificate: \(directory.file("tls.pem")), key: \(directory.file("tls.key"))}

            """,
            directory,
            "registry.yml"
        )
        try FileManager.default.createDirectory(atPath: directory.file("trust"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: ca, toPath: directory.file("trust/ca.crt"))
        let auth = Data("ci:\(password)".utf8).base64EncodedString()
        try write(#"{"auths":{"AUTHORITY":{"auth":"\#(auth)"}}}"#, directory, "auth.json")
    }

    private static func write(_ text: String, _ directory: TemporaryDirectory, _ name: String) throws {
        try text.write(toFile: directory.file(name), atomically: true, encoding: .utf8)
    }

    /// Pushes a small image with skopeo and returns its digest, as skopeo tells it.
    public func push(_ repository: String, tag: String, os: String = "linux", architecture: String = "amd64")
        async throws
        -> String
    {
        let layout = directory.file("layout-\(UUID().uuidString)")
        try ImageLayout(os: os, architecture: architecture, seed: "\(repository):\(tag)").write(to: layout)
        let reference = "docker://\(host)/\(repository):\(tag)"
        try await runTool(
            "skopeo",
            ["copy", "--quiet", "--insecure-policy", "--dest-cert-dir", directory.file("trust")]
                + (try authFile(for: "--dest-authfile")) + ["oci:\(layout):\(tag)", reference]
        )
        return try await skopeo(["inspect", "--format", "{{.Digest}}"], reference)
    }

    /// Copies an image, or an index with all of its images, out of an OCI layout. `format` is skopeo's (`oci`, `v2s2`); without one
    /// nothing is changed.
    public func copy(layout: String, tag: String, to repository: String, format: String? = nil) async throws {
        let change = format.map { ["--format", $0] } ?? ["--all", "--preserve-digests"]
        try await runTool(
            "skopeo",
            ["copy", "--quiet", "--insecure-policy", "--dest-cert-dir", directory.file("trust")] + change
                + (try authFile(for: "--dest-authfile"))
                + ["oci:\(layout):\(tag)", "docker://\(host)/\(repository):\(tag)"]
        )
    }

    /// The file of the CA's certificate.
    public var caFile: String { directory.file("ca.pem") }

    /// The tags of a repository, as skopeo lists them.
    public func tags(of repository: String) async throws -> Set<String> {
        let json = try TestJSON(try await skopeo(["list-tags"], "docker://\(host)/\(repository)").utf8)
        return Set(json["Tags"].items.compactMap(\.string))
    }

    private func skopeo(_ command: [String], _ reference: String) async throws -> String {
        let options = ["--cert-dir", directory.file("trust")] + (try authFile(for: "--authfile"))
        let output = try await runTool("skopeo", command + options + [reference])
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func authFile(for option: String) throws -> [String] {
        let text = String(decoding: try directory.contents(of: "auth.json"), as: UTF8.self)
        try RealRegistry.write(text.replacing("AUTHORITY", with: host), directory, "auth.json")
        return [option, directory.file("auth.json")]
    }
}
