public import Configuration
import Foundation
public import Logging
import Registries
import Sealing
import Storage

/// Everything that `pratique serve` can be told, checked before anything starts.
///
/// Keys: see ``Setting/all``.
public struct ServerSettings: Sendable {
    let host: String
    let port: Int
    let dataDirectory: String
    let rootKeySource: RootKeySetting
    let tls: TLSFiles?
    let plainHTTPHosts: Set<String>
    let privateHosts: Set<String>
    let allowsPrivateAddresses: Bool
    let dockerHub: DockerHubURLs
    let verification: VerificationSettings
    let scanConcurrency: Int
    let scanRetention: ScanRetention
    let overviewRetention: OverviewRetention
    let advisories: AdvisorySettings
    /// What is logged.
    public let logLevel: Logger.Level
    let bootstrapKeyFile: String?
    let allowsUnreadable: Bool

    /// Where the root keys come from.
    enum RootKeySetting: Sendable {
        /// The setting `root-key`.
        case text(Secret)
        /// The setting `root-key-file`; the file must exist.
        case file(String)
        /// `root.key` in the data directory, made on the first start.
        case dataDirectory
    }

    /// The files that TLS needs.
    struct TLSFiles: Sendable {
        let certificate: String
        let privateKey: String
    }

    /// Where Docker Hub is.
    struct DockerHubURLs: Sendable {
        let api: RegistryURL
        let token: RegistryURL
        let registry: RegistryURL
    }

    /// Reads and checks every setting. Throws ``SettingsError``.
    public init(reader: ConfigReader, environment: [String: String]) throws {
        func text(_ setting: Setting) -> String? {
            reader.string(forKey: ConfigKey([setting.key]), isSecret: setting.isSecret).flatMap {
                $0.isEmpty ? nil : $0
            }
        }
        host = text(.host) ?? "127.0.0.1"
        guard let port = Int(text(.port) ?? "8080"), (0...65_535).contains(port) else {
            throw SettingsError(Setting.port.key, "must be a number from 0 to 65535")
        }
        self.port = port
        dataDirectory = try text(.dataDirectory) ?? ServerSettings.defaultDataDirectory(environment)
        rootKeySource = try ServerSettings.rootKeySource(text: text(.rootKey), file: text(.rootKeyFile))
        tls = try ServerSettings.tlsFiles(certificate: text(.tlsCertificateFile), privateKey: text(.tlsPrivateKeyFile))
        let plainHTTPHosts = try ServerSettings.hosts(text(.plainHTTPHosts), of: .plainHTTPHosts)
        self.plainHTTPHosts = plainHTTPHosts
        privateHosts = try ServerSettings.hosts(text(.privateHosts), of: .privateHosts)
        allowsPrivateAddresses = try ServerSettings.flag(text(.allowPrivateAddresses) ?? "true", .allowPrivateAddresses)
        func url(_ setting: Setting) throws -> RegistryURL {
            try ServerSettings.url(text(setting) ?? setting.fallback, of: setting, plainHTTPHosts: plainHTTPHosts)
        }
        dockerHub = DockerHubURLs(
            api: try url(.dockerHubAPIURL),
            token: try url(.dockerHubTokenURL),
            registry: try url(.dockerHubRegistryURL)
        )
        verification = try VerificationSettings(
            intervalInHours: text(.verifyIntervalHours),
            concurrency: text(.verifyConcurrency),
            excessPrivilege: text(.excessPrivilege)
        )
        guard let scans = Int(text(.scanConcurrency) ?? Setting.scanConcurrency.fallback), (0...64).contains(scans)
        else {
            throw SettingsError(Setting.scanConcurrency.key, "must be a number from 0 to 64")
        }
        scanConcurrency = scans
        func number(_ setting: Setting, _ range: ClosedRange<Int>) throws -> Int {
            guard let number = Int(text(setting) ?? setting.fallback), range.contains(number) else {
                throw SettingsError(setting.key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        scanRetention = ScanRetention(
            age: TimeInterval(try number(.scanRetentionDays, 1...3_650)) * 86_400,
            count: try number(.scanRetentionCount, 10...100_000)
        )
        overviewRetention = OverviewRetention(days: try number(.overviewRetentionDays, 1...3_650))
        advisories = try AdvisorySettings(
            sources: text(.advisorySources),
            intervalInHours: number(.advisoryIntervalHours, 0...8_760)
        )
        guard let level = Logger.Level(rawValue: text(.logLevel) ?? "info") else {
            throw SettingsError(
                Setting.logLevel.key,
                "must be one of: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        logLevel = level
        bootstrapKeyFile = text(.bootstrapKeyFile)
        allowsUnreadable = try ServerSettings.flag(text(.allowUnreadable) ?? "false", .allowUnreadable)
    }

    private static func flag(_ text: String, _ setting: Setting) throws -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw SettingsError(setting.key, "must be true or false")
        }
    }

    private static func url(_ text: String, of setting: Setting, plainHTTPHosts: Set<String>) throws -> RegistryURL {
        do {
            return try RegistryURL(text, plainHTTPHosts: plainHTTPHosts)
        } catch {
            throw SettingsError(setting.key, error.message)
        }
    }

    private static func defaultDataDirectory(_ environment: [String: String]) throws -> String {
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/pratique" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw SettingsError(Setting.dataDirectory.key, "is required where there is no home directory")
        }
        return home + "/.local/share/pratique"
    }

    private static func rootKeySource(text: String?, file: String?) throws -> RootKeySetting {
        switch (text, file) {
        case (.some, .some): throw SettingsError(Setting.rootKey.key, "and root-key-file exclude each other")
        case (let text?, nil): .text(Secret(text))
        case (nil, let file?): .file(file)
        case (nil, nil): .dataDirectory
        }
    }

    private static func tlsFiles(certificate: String?, privateKey: String?) throws -> TLSFiles? {
        switch (certificate, privateKey) {
        case (nil, nil): return nil
        case (let certificate?, let privateKey?): return TLSFiles(certificate: certificate, privateKey: privateKey)
        case (nil, _): throw SettingsError(Setting.tlsCertificateFile.key, "is required with tls-private-key-file")
        case (_, nil): throw SettingsError(Setting.tlsPrivateKeyFile.key, "is required with tls-certificate-file")
        }
    }

    private static func hosts(_ text: String?, of setting: Setting) throws -> Set<String> {
        var hosts: Set<String> = []
        for item in (text ?? "").split(separator: ",") {
            let host = item.trimmingCharacters(in: .whitespaces).lowercased()
            guard !host.isEmpty else { continue }
            // A host is written as it would stand in a URL, so the same parser decides what one is.
            guard let url = try? RegistryURL("http://\(host)", plainHTTPHosts: [host]),
                url.description == "http://\(host)"
            else {
                throw SettingsError(setting.key, "must be a list of host or host:port without a scheme")
            }
            hosts.insert(host)
        }
        return hosts
    }
}
