import ArgumentParser
import Foundation
import Server

/// The settings of the service as flags. A flag goes before the environment, and that before the file.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Configuration file in YAML. (env: PRATIQUE_CONFIG)", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(help: "Address to listen on. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "Port to listen on; 0 picks a free one. (default: 8080)")
    var port: String?

    @Option(
        help: ArgumentHelp("Where the database and the root key are.", valueName: "directory"),
        completion: .directory
    )
    var dataDirectory: String?

    @Option(
        help: ArgumentHelp("File of root keys, one a line, the active one first.", valueName: "file"),
        completion: .file()
    )
    var rootKeyFile: String?

    @Option(help: ArgumentHelp("Certificate chain in PEM.", valueName: "file"), completion: .file())
    var tlsCertificateFile: String?

    @Option(help: ArgumentHelp("Private key in PEM.", valueName: "file"), completion: .file())
    var tlsPrivateKeyFile: String?

    @Option(help: ArgumentHelp("Registry hosts that may be used without TLS, comma-separated.", valueName: "hosts"))
    var plainHttpHosts: String?

    @Option(
        help: ArgumentHelp(
            "Registry hosts that may be at loopback and private addresses, comma-separated.",
            valueName: "hosts"
        )
    )
    var privateHosts: String?

    @Option(
        help: ArgumentHelp("Whether registries may be at private addresses. (default: true)", valueName: "true|false"),
        completion: .list(["true", "false"])
    )
    var allowPrivateAddresses: String?

    @Option(help: ArgumentHelp("Docker Hub's API, or a mirror of it.", valueName: "url"))
    var dockerhubApiUrl: String?

    @Option(help: ArgumentHelp("Docker Hub's token service, or a mirror of it.", valueName: "url"))
    var dockerhubTokenUrl: String?

    @Option(help: ArgumentHelp("Docker Hub's registry, or a mirror of it.", valueName: "url"))
    var dockerhubRegistryUrl: String?

    @Option(help: "Hours between two probes of a credential that works; 0 probes none unasked. (default: 24)")
    var verifyIntervalHours: String?

    @Option(help: "Credentials probed at once, 1 to 256. (default: 16)")
    var verifyConcurrency: String?

    @Option(
        help: "What becomes of a credential with more rights than are needed: warn or refuse. (default: warn)",
        completion: .list(["warn", "refuse"])
    )
    var excessPrivilege: String?

    @Option(help: "Scans made at once, 0 to 64; with 0 this server makes none. (default: 2)")
    var scanConcurrency: String?

    @Option(help: "Days that ended scans are kept, 1 to 3650; results stay. (default: 90)")
    var scanRetentionDays: String?

    @Option(help: "Ended scans of a project that are kept, 10 to 100000; results stay. (default: 1000)")
    var scanRetentionCount: String?

    @Option(help: "Days that the numbers of findings of a day are kept, 1 to 3650. (default: 400)")
    var overviewRetentionDays: String?

    @Option(
        help: ArgumentHelp("Where advisories are fetched from: https addresses, comma-separated.", valueName: "urls")
    )
    var advisorySources: String?

    @Option(help: "Hours between two fetches of advisories, 0 to 8760; 0 fetches none unasked. (default: 24)")
    var advisoryIntervalHours: String?

    @Option(
        help: "trace, debug, info, notice, warning, error or critical. (default: info)",
        completion: .list(["trace", "debug", "info", "notice", "warning", "error", "critical"])
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp("New file of mode 0600 for the first administrator's API key.", valueName: "file"),
        completion: .file()
    )
    var bootstrapKeyFile: String?

    @Flag(help: "Start although root keys are missing; their credentials are read-only.")
    var allowUnreadable = false

    /// The flags that were given, by setting.
    private var flags: [String: String] {
        let given: [(String, String?)] = [
            ("host", host), ("port", port), ("data-directory", dataDirectory), ("root-key-file", rootKeyFile),
            ("tls-certificate-file", tlsCertificateFile), ("tls-private-key-file", tlsPrivateKeyFile),
            ("plain-http-hosts", plainHttpHosts),
            ("private-hosts", privateHosts), ("allow-private-addresses", allowPrivateAddresses),
            ("dockerhub-api-url", dockerhubApiUrl), ("dockerhub-token-url", dockerhubTokenUrl),
            ("dockerhub-registry-url", dockerhubRegistryUrl), ("verify-interval-hours", verifyIntervalHours),
            ("verify-concurrency", verifyConcurrency),
            ("excess-privilege", excessPrivilege), ("scan-concurrency", scanConcurrency),
            ("scan-retention-days", scanRetentionDays), ("scan-retention-count", scanRetentionCount),
            ("overview-retention-days", overviewRetentionDays),
            ("advisory-sources", advisorySources), ("advisory-interval-hours", advisoryIntervalHours),
            ("log-level", logLevel),
            ("bootstrap-key-file", bootstrapKeyFile),
            ("allow-unreadable", allowUnreadable ? "true" : nil),
        ]
        return Dictionary(uniqueKeysWithValues: given.compactMap { key, value in value.map { (key, $0) } })
    }

    /// Where every setting comes from.
    func sources() throws -> SettingsSources {
        let environment = ProcessInfo.processInfo.environment
        return try SettingsSources(
            flags: flags,
            environment: environment,
            path: config ?? environment["PRATIQUE_CONFIG"]
        )
    }

    /// The settings, checked.
    func load() throws -> Server.ServerSettings {
        try Server.ServerSettings(reader: sources().reader, environment: ProcessInfo.processInfo.environment)
    }
}
