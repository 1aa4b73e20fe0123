import ArgumentParser
import Foundation
import Logging
import Server

/// `pratique serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service.",
        discussion: """
            With nothing configured it makes a data directory with a root key and a database, listens on \
            http://127.0.0.1:8080, and prints the first administrator's API key once.

            EXAMPLES
              pratique serve
              pratique serve --host 0.0.0.0 --tls-certificate-file tls.pem \\
                --tls-private-key-file tls.key
              pratique serve --data-directory /var/lib/pratique \\
                --bootstrap-key-file /run/pratique/first-key
            """
    )

    @OptionGroup var settings: SettingsOptions

    func run() async throws {
        let sink = LogSink()
        defer { sink.flush() }
        do {
            let settings = try settings.load()
            let logger = Logger(label: "pratique") { _ in JSONLogHandler(sink: sink, level: settings.logLevel) }
            try await PratiqueServer(settings, logger: logger).run()
        } catch {
            sink.flush()
            throw CommandFailure("pratique does not start: \(error)")
        }
    }
}
