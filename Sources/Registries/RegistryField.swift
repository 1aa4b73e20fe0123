/// One field of a credential: its name on the wire, and what is allowed in it.
public struct RegistryField: Sendable {
    /// The name in requests and answers.
    public let name: String
    /// What is allowed in it.
    public let rule: Rule
    /// Whether a credential must have it. What is optional is an addition of ours: no documented answer shows it.
    public let isRequired: Bool
    /// One line for people.
    public let summary: String
    /// A value that shows its shape; never a real one.
    public let example: String

    /// What is allowed in a field.
    public enum Rule: Sendable {
        /// One line of 1 to 255 characters, trimmed.
        case text
        /// The address of a registry; see ``RegistryURL``.
        case url
        /// Names of repositories, as an array or with commas between them; see ``RepositoryNames``.
        case repositories(RepositoryNames.Rule)
        /// 1 byte to 16 KiB, sealed; one trailing line break is cut.
        case secret
        /// Certificates in PEM, at most 16 KiB, sealed; see ``PEMRules``.
        case certificates
        /// A private key in PEM without a passphrase, at most 16 KiB, sealed; see ``PEMRules``.
        case privateKey
    }

    /// A field.
    public init(_ name: String, _ rule: Rule, isRequired: Bool = true, summary: String, example: String) {
        self.name = name
        self.rule = rule
        self.isRequired = isRequired
        self.summary = summary
        self.example = example
    }

    /// Whether the field is sealed and never shown.
    public var isSecret: Bool {
        switch rule {
        case .secret, .certificates, .privateKey: true
        case .text, .url, .repositories: false
        }
    }
}

extension RegistryField {
    /// The CA that signed the registry's certificate, where it is none that every system knows.
    static let caCertificate = RegistryField(
        "caCertificatePem",
        .certificates,
        isRequired: false,
        summary: "PEM of the private CA that signed the registry's certificate, to be trusted beside the machine's own",
        example: "-----BEGIN CERTIFICATE-----…"
    )

    /// What we show to a registry that asks for a client certificate. Goes together with ``clientKey``.
    static let clientCertificate = RegistryField(
        "clientCertificatePem",
        .certificates,
        isRequired: false,
        summary: "PEM of the client certificate, its chain behind it; needs clientKeyPem",
        example: "-----BEGIN CERTIFICATE-----…"
    )

    /// The key of ``clientCertificate``.
    static let clientKey = RegistryField(
        "clientKeyPem",
        .privateKey,
        isRequired: false,
        summary: "PEM of the client certificate's private key, without a passphrase; needs clientCertificatePem",
        example: "-----BEGIN PRIVATE KEY-----…"
    )
}
