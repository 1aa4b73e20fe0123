import ArgumentParser
import Foundation
import Server

/// `pratique config`: the service's settings.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the settings of the service.",
        discussion: """
            EXAMPLES
              pratique config check
              pratique config check --config /etc/pratique/pratique.yaml
            """,
        subcommands: [ConfigCheck.self]
    )
}

/// `pratique config check`: whether `serve` would take these settings, and where each comes from.
struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the settings without starting anything.",
        discussion: """
            Takes the same flags, environment and file as `pratique serve`, prints where each setting comes from (never a \
            secret's value), and exits 1 when one is wrong.

            EXAMPLES
              pratique config check
              pratique config check --config /etc/pratique/pratique.yaml
            """
    )

    @OptionGroup var settings: SettingsOptions

    func run() throws {
        let sources: SettingsSources
        do {
            sources = try settings.sources()
            _ = try Server.ServerSettings(reader: sources.reader, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure("\(error)")
        }
        for setting in Setting.all {
            let origin = sources.origin(of: setting)
            let value = origin == "default" ? setting.fallback : "set"
            print("\(setting.key)\t\(origin)\t\(value)")
        }
    }
}
