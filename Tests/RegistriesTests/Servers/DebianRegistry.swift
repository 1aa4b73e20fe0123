import Foundation
import OCI
import RegistryStubs
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Debian's `docker-registry` on a port of 127.0.0.1, with one account in an htpasswd file and TLS of a test's authority; nothing of
/// ours is in it. Images are pushed and looked at with `skopeo`.
struct DebianRegistry: Sendable {
    let port: Int
    let password: String
    private let folder: String

    /// Starts a registry with the account `ci-reader`, lends it to `body`, and ends it.
    static func run<Result: Sendable>(
        _ authority: TestAuthority,
        password: String,
        _ body: @escaping @Sendable (DebianRegistry) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.path + "/registry-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/trust", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pair = try await authority.issue("DNS:registry.test,IP:127.0.0.1")
        try write(pair.certificatePEM, folder + "/tls.pem")
        try write(pair.keyPEM, folder + "/tls.key")
        try write(authority.caPEM, folder + "/trust/ca.crt")
        try write(try await tool("htpasswd", ["-nbB", "-C", "4", "ci-reader", password]), folder + "/htpasswd")
        try write(
            """
            version: 0.1
            log: {level: info, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: \(folder)/content}}
            auth: {htpasswd: {realm: test, path: \(folder)/htpasswd}}
            http: {addr: "127.0.0.1:0", secret: test, tls: {certificate: \(folder)/tls.pem, key: \(folder)/tls.key}}

            """,
            folder + "/registry.yml"
        )
        return try await DockerRegistryProcess.run(configuration: folder + "/registry.yml", home: folder) { port in
            try await body(DebianRegistry(port: port, password: password, folder: folder))
        }
    }

    /// Pushes ``TestImage`` as a single image under `tags`, and returns the digest that skopeo sees.
    func push(_ repository: String, tags: [String]) async throws -> String {
        let layout = folder + "/layout-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: layout + "/blobs/sha256", withIntermediateDirectories: true)
        for content in [TestImage.layer, TestImage.configuration, TestImage.manifest] {
            try DebianRegistry.write(content, layout + "/blobs/sha256/\(TestImage.digest(content).hexadecimal)")
        }
        let entry = TestImage.descriptor(
            TestImage.imageType,
            TestImage.manifest,
            extra: #","annotations":{"org.opencontainers.image.ref.name":"x"}"#
        )
        try DebianRegistry.write(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#, layout + "/index.json")
        try DebianRegistry.write(#"{"imageLayoutVersion":"1.0.0"}"#, layout + "/oci-layout")
        for tag in tags {
            try await skopeo(
                ["copy", "--quiet", "--insecure-policy", "--preserve-digests", "--dest-cert-dir", folder + "/trust"],
                account: "--dest-authfile",
                ["oci:\(layout):x", "docker://127.0.0.1:\(port)/\(repository):\(tag)"]
            )
        }
        return try await inspect(repository, tags[0])
    }

    /// The digest of a tag, as skopeo sees it.
    func inspect(_ repository: String, _ tag: String) async throws -> String {
        try await skopeo(
            ["inspect", "--format", "{{.Digest}}", "--cert-dir", folder + "/trust"],
            account: "--authfile",
            ["docker://127.0.0.1:\(port)/\(repository):\(tag)"]
        )
    }

    @discardableResult
    private func skopeo(_ options: [String], account: String, _ names: [String]) async throws -> String {
        let basic = Data("ci-reader:\(password)".utf8).base64EncodedString()
        let file = folder + "/auth.json"
        try DebianRegistry.write(#"{"auths":{"127.0.0.1:\#(port)":{"auth":"\#(basic)"}}}"#, file)
        let output = try await DebianRegistry.tool("skopeo", options + [account, file] + names)
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func tool(_ name: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath("/usr/bin/\(name)")),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else {
            throw TestAuthority.ToolFailure(message: "\(name): \(result.standardError)")
        }
        return result.standardOutput
    }

    private static func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
