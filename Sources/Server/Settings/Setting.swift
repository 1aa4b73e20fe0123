/// One setting of `pratique serve`: its key in the file, and what it is for.
///
/// The flag is `--key`, the environment variable `PRATIQUE_KEY` with underscores. docs/configuration.md lists the same; a test
/// compares them.
public struct Setting: Sendable {
    /// The key in `pratique.yaml`.
    public let key: String
    /// The value when nobody gives one, for people.
    public let fallback: String
    /// One line for people.
    public let summary: String
    /// Never printed.
    let isSecret: Bool

    init(_ key: String, fallback: String, summary: String, isSecret: Bool = false) {
        self.key = key
        self.fallback = fallback
        self.summary = summary
        self.isSecret = isSecret
    }

    /// The environment variable.
    public var variable: String { "PRATIQUE_" + key.uppercased().replacing("-", with: "_") }

    static let host = Setting("host", fallback: "127.0.0.1", summary: "Address to listen on")
    static let port = Setting("port", fallback: "8080", summary: "Port to listen on; 0 picks a free one")
    static let dataDirectory = Setting(
        "data-directory",
        fallback: "$XDG_DATA_HOME/pratique, or ~/.local/share/pratique",
        summary: "Where the database and the root key are"
    )
    static let rootKey = Setting(
        "root-key",
        fallback: "none",
        summary: "Root keys in base64, the active one first, separated by commas",
        isSecret: true
    )
    static let rootKeyFile = Setting(
        "root-key-file",
        fallback: "root.key in the data directory",
        summary: "File of root keys, one a line, the active one first"
    )
    static let tlsCertificateFile = Setting(
        "tls-certificate-file",
        fallback: "none: plain http",
        summary: "Certificate chain in PEM"
    )
    static let tlsPrivateKeyFile = Setting(
        "tls-private-key-file",
        fallback: "none: plain http",
        summary: "Private key in PEM"
    )
    static let plainHTTPHosts = Setting(
        "plain-http-hosts",
        fallback: "none",
        summary: "Registry hosts (host or host:port, comma-separated) that may be used without TLS"
    )
    static let privateHosts = Setting(
        "private-hosts",
        fallback: "none",
        summary: "Registry hosts (host or host:port, comma-separated) that may be at loopback and private addresses"
    )
    static let allowPrivateAddresses = Setting(
        "allow-private-addresses",
        fallback: "true",
        summary: "Whether registries may be at private addresses (10.0.0.0/8, fc00::/7 and the like)"
    )
    static let dockerHubAPIURL = Setting(
        "dockerhub-api-url",
        fallback: "https://hub.docker.com",
        summary: "Docker Hub's API, or a mirror of it"
    )
    static let dockerHubTokenURL = Setting(
        "dockerhub-token-url",
        fallback: "https://auth.docker.io",
        summary: "Docker Hub's token service, or a mirror of it"
    )
    static let dockerHubRegistryURL = Setting(
        "dockerhub-registry-url",
        fallback: "https://registry-1.docker.io",
        summary: "Docker Hub's registry, or a mirror of it"
    )
    static let verifyIntervalHours = Setting(
        "verify-interval-hours",
        fallback: "24",
        summary: "Hours between two probes of a credential that works; 0 probes none unasked"
    )
    static let verifyConcurrency = Setting(
        "verify-concurrency",
        fallback: "16",
        summary: "Credentials probed at once, 1 to 256"
    )
    static let excessPrivilege = Setting(
        "excess-privilege",
        fallback: "warn",
        summary: "What becomes of a credential with more rights than are needed: warn uses it, refuse does not"
    )
    static let scanConcurrency = Setting(
        "scan-concurrency",
        fallback: "2",
        summary: "Scans made at once, 0 to 64; with 0 this server makes none"
    )
    static let scanRetentionDays = Setting(
        "scan-retention-days",
        fallback: "90",
        summary: "Days that ended scans are kept, 1 to 3650; results and each image's newest scan stay"
    )
    static let scanRetentionCount = Setting(
        "scan-retention-count",
        fallback: "1000",
        summary: "Ended scans of a project that are kept, 10 to 100000; results and each image's newest scan stay"
    )
    static let overviewRetentionDays = Setting(
        "overview-retention-days",
        fallback: "400",
        summary: "Days that the numbers of findings of a day are kept, 1 to 3650"
    )
    static let advisorySources = Setting(
        "advisory-sources",
        fallback: "none",
        summary: "Where advisories are fetched from: https addresses, comma-separated"
    )
    static let advisoryIntervalHours = Setting(
        "advisory-interval-hours",
        fallback: "24",
        summary: "Hours between two fetches of advisories, 0 to 8760; with 0 they are fetched when somebody asks"
    )
    static let logLevel = Setting(
        "log-level",
        fallback: "info",
        summary: "trace, debug, info, notice, warning, error or critical; debug tells every read"
    )
    static let bootstrapKeyFile = Setting(
        "bootstrap-key-file",
        fallback: "none: the terminal",
        summary: "New file of mode 0600 for the first administrator's API key"
    )
    static let allowUnreadable = Setting(
        "allow-unreadable",
        fallback: "false",
        summary: "Start although root keys are missing; their credentials are read-only"
    )

    /// Every setting.
    public static let all: [Setting] = [
        .host, .port, .dataDirectory, .rootKey, .rootKeyFile, .tlsCertificateFile, .tlsPrivateKeyFile, .plainHTTPHosts,
        .privateHosts, .allowPrivateAddresses, .dockerHubAPIURL, .dockerHubTokenURL, .dockerHubRegistryURL,
        .verifyIntervalHours, .verifyConcurrency, .excessPrivilege, .scanConcurrency, .scanRetentionDays,
        .scanRetentionCount, .overviewRetentionDays, .advisorySources, .advisoryIntervalHours, .logLevel,
        .bootstrapKeyFile, .allowUnreadable,
    ]

    /// Variables that begin with `PRATIQUE_` and belong to the command line's other half, the client.
    static let clientVariables: Set<String> = [
        "PRATIQUE_URL", "PRATIQUE_API_KEY", "PRATIQUE_API_KEY_FILE", "PRATIQUE_ORGANIZATION", "PRATIQUE_PROJECT",
        "PRATIQUE_SECRET", "PRATIQUE_CA_CERTIFICATE", "PRATIQUE_CONFIG",
    ]
}
