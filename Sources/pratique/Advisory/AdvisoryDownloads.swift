import Advisories
import Logging
import Registries
import Scanning
import Server
import Synchronization

/// Fetches advisories from https addresses, through the client for everything that leaves the process.
final class AdvisoryDownloads: Sendable {
    private let outbound = Mutex<OutboundClient?>(nil)

    /// What a source on the command line means.
    func source(_ text: String) throws -> AdvisorySource {
        guard text.contains("://") else { return .path(text) }
        do {
            return try AdvisoryAddress(text).source(through: client)
        } catch {
            throw CommandFailure.usage(error.message)
        }
    }

    /// Closes every connection.
    func end() async {
        await outbound.withLock { $0 }?.shutdown()
    }

    private var client: OutboundClient {
        outbound.withLock { current in
            if let current { return current }
            let made = OutboundClient(
                policy: OutboundPolicy(),
                version: Release.version,
                logger: Logger(label: "pratique") { _ in SwiftLogNoOpLogHandler() }
            )
            current = made
            return made
        }
    }
}
