import ArgumentParser

/// The files that a registry behind a CA or a client certificate of its own needs. They are stored sealed with the credential.
struct RegistryTrust: ParsableArguments {
    @Option(
        help: ArgumentHelp("Certificates of the registry's own CA, in PEM.", valueName: "file"),
        completion: .file(extensions: ["pem", "crt", "cer"])
    )
    var registryCaCertificate: String?

    @Option(
        help: ArgumentHelp("Certificate that the registry wants from its clients, in PEM.", valueName: "file"),
        completion: .file(extensions: ["pem", "crt", "cer"])
    )
    var registryClientCertificate: String?

    @Option(
        help: ArgumentHelp("Private key of that certificate, in PEM, without a passphrase.", valueName: "file"),
        completion: .file(extensions: ["pem", "key"])
    )
    var registryClientKey: String?

    /// A chain of certificates is shorter; a file given by mistake is not.
    private static let limit = 16 * 1024

    func validate() throws {
        guard (registryClientCertificate == nil) == (registryClientKey == nil) else {
            throw ValidationError("--registry-client-certificate and --registry-client-key go together")
        }
    }

    /// The fields of a store request.
    func fields() throws -> [String: String] {
        let files = [
            "caCertificatePem": registryCaCertificate, "clientCertificatePem": registryClientCertificate,
            "clientKeyPem": registryClientKey,
        ]
        return try files.compactMapValues { path in
            try path.map { String(decoding: try BoundedInput.read(path: $0, limit: Self.limit), as: UTF8.self) }
        }
    }
}
