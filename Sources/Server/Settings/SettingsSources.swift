public import Configuration
import Foundation
import Yams

/// Where settings come from, the strongest first: flags, the environment, `pratique.yaml`.
public struct SettingsSources: Sendable {
    /// A larger configuration file is refused.
    static let fileSizeLimitInBytes = 1 << 20

    private let flags: [String: String]
    private let environment: [String: String]
    private let file: [String: String]

    /// Reads the file at `path`, if one is given. Throws ``SettingsError`` for a setting that does not exist, in the file and
    /// in the environment alike: a misspelt one would otherwise be silently without effect.
    public init(flags: [String: String], environment: [String: String], path: String?) throws {
        self.flags = flags
        self.environment = environment
        file = try path.map(SettingsSources.read) ?? [:]
        let known = Set(Setting.all.map(\.variable)).union(Setting.clientVariables)
        let unknown = environment.keys.filter { $0.hasPrefix("PRATIQUE_") && !known.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw SettingsError(unknown[0], "is not a setting; see docs/configuration.md")
        }
    }

    /// A reader over all sources.
    public var reader: ConfigReader {
        ConfigReader(providers: [
            provider("flags", flags), provider("environment", environmentByKey), provider("file", file),
        ])
    }

    /// Which source gives `setting`: `flag`, `environment`, `file` or `default`.
    public func origin(of setting: Setting) -> String {
        if flags[setting.key] != nil { return "flag" }
        if environment[setting.variable] != nil { return "environment" }
        return file[setting.key] != nil ? "file" : "default"
    }

    private var environmentByKey: [String: String] {
        Dictionary(
            uniqueKeysWithValues: Setting.all.compactMap { setting in
                environment[setting.variable].map { (setting.key, $0) }
            }
        )
    }

    private func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map { key, value in
                    let isSecret = Setting.all.first { $0.key == key }?.isSecret ?? true
                    return (AbsoluteConfigKey([key], context: [:]), ConfigValue(.string(value), isSecret: isSecret))
                }
            )
        )
    }

    private static func read(_ path: String) throws -> [String: String] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw SettingsError("config", "the file \(path) cannot be read")
        }
        let data = try handle.read(upToCount: fileSizeLimitInBytes + 1) ?? Data()
        guard data.count <= fileSizeLimitInBytes else { throw SettingsError("config", "the file is larger than 1 MiB") }
        let node: Node?
        do {
            node = try Yams.compose(yaml: String(decoding: data, as: UTF8.self))
        } catch {
            throw SettingsError("config", "the file \(path) is not valid YAML")
        }
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            throw SettingsError("config", "the file must be a mapping of settings")
        }
        var values: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.string, Setting.all.contains(where: { $0.key == name }) else {
                throw SettingsError(key.string ?? "config", "is not a setting; see docs/configuration.md")
            }
            if let text = value.scalar?.string {
                values[name] = text
            } else if let items = value.sequence {
                values[name] = items.compactMap { $0.scalar?.string }.joined(separator: ",")
            } else {
                throw SettingsError(name, "must be a text or a list of texts")
            }
        }
        return values
    }
}

/// A setting that cannot be used. The message names it and the fix, never its value.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting's key or variable.
    public let setting: String
    /// What is wrong and what to do.
    public let message: String

    init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = message
    }

    /// `port: must be a number from 0 to 65535`.
    public var description: String { "\(setting): \(message)" }
}
