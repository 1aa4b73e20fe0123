import ArgumentParser
import Foundation
import Logging
import OCI
import Registries
import Scanning
import Sealing
import Server

/// How `inspect` reaches a registry and who it says it is.
struct RegistryAccess: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Log in as this user; the password comes from --password-file, standard input or a prompt.",
            valueName: "name"
        )
    )
    var username: String?

    @Option(
        help: ArgumentHelp("File with the password; - is standard input.", valueName: "file"),
        completion: .file()
    )
    var passwordFile: String?

    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    @Flag(help: "Log in as nobody, whatever Docker's configuration says.")
    var anonymous = false

    @Flag(help: "Speak to the registry without TLS. Registries on localhost are spoken to without it anyway.")
    var plainHttp = false

    @Option(
        help: ArgumentHelp("Trust this certificate authority too (PEM).", valueName: "file"),
        completion: .file()
    )
    var caCertificate: String?

    func validate() throws {
        if passwordFile != nil || passwordStdin, username == nil {
            throw ValidationError("a password needs --username")
        }
        if anonymous, username != nil { throw ValidationError("--anonymous and --username exclude each other") }
        if passwordStdin, passwordFile != nil {
            throw ValidationError("--password-stdin and --password-file exclude each other")
        }
    }

    /// Runs `body` with the image that `reference` names, and closes every connection afterwards.
    func withImage<Result: Sendable>(
        _ text: String,
        variables: [String: String],
        _ body: (RemoteImage) async throws -> Result
    ) async throws -> Result {
        let reference: ImageReference
        do {
            reference = try ImageReference(text)
        } catch {
            throw CommandFailure.usage("the image \(error.message)", hint: "Write host/path:tag, as docker pull does")
        }
        // By the grammar, capitals alone make a word a host. Nobody has such a registry, and many a repository in capitals.
        guard reference.registry == reference.registry.lowercased() else {
            let (host, path) = (reference.registry, reference.repository)
            throw CommandFailure.usage(
                "the image must have its repository in lower case",
                hint:
                    "Write \(host.lowercased())/\(path); a registry of one word is written with its port, \(host.lowercased()):443/\(path)"
            )
        }
        let origin = try origin(of: reference)
        let login = try await login(for: reference, variables: variables)
        let trust = try caCertificate.map { path in
            let pem = try BoundedInput.read(path: path, limit: 1 << 20)
            do {
                return try TLSTrust(caCertificatePEM: String(decoding: pem, as: UTF8.self))
            } catch {
                throw CommandFailure("\(path) holds no certificate in PEM")
            }
        }
        // Whoever names a host on the command line may speak to it, wherever it is.
        let authority = "\(origin.host):\(origin.port)"
        let outbound = OutboundClient(
            policy: OutboundPolicy(
                plainHTTPHosts: origin.isSecure ? [] : [authority],
                privateHosts: [authority]
            ),
            version: Release.version,
            logger: Logger(label: "pratique") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let client = DistributionClient(
                outbound: outbound,
                tokens: TokenCache(),
                origin: origin,
                login: login,
                trust: trust
            )
            let result = try await body(RemoteImage(reference, client: client))
            await outbound.shutdown()
            return result
        } catch {
            await outbound.shutdown()
            throw error
        }
    }

    private func origin(of reference: ImageReference) throws -> OutboundOrigin {
        let host = reference.registry == ImageReference.dockerHub ? "registry-1.docker.io" : reference.registry
        let isPlain = plainHttp || (RegistryAccess.isLocal(host) && caCertificate == nil)
        do {
            return try OutboundOrigin("\(isPlain ? "http" : "https")://\(host)")
        } catch {
            throw CommandFailure.usage("the image's registry \(error.message)")
        }
    }

    /// What every client of registries takes for a development registry without TLS.
    static func isLocal(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "localhost" || name.hasSuffix(".localhost") || name.hasPrefix("127.") || name == "[::1]"
    }

    private func login(for reference: ImageReference, variables: [String: String]) async throws -> RegistryLogin? {
        if anonymous { return nil }
        if let username {
            let file = passwordStdin ? "-" : passwordFile
            let source = SecretSource.choose(
                file: file,
                variable: "PRATIQUE_REGISTRY_PASSWORD",
                variables: variables,
                inputIsTerminal: isatty(STDIN_FILENO) == 1
            )
            let password = try source.read(label: "password", variables: variables)
            return RegistryLogin(id: UUID(), version: 1, username: username, password: password)
        }
        let configuration = try DockerConfiguration(environment: variables)
        guard let found = try await configuration.credential(for: reference) else { return nil }
        return RegistryLogin(id: UUID(), version: 1, username: found.username, password: found.password)
    }
}
