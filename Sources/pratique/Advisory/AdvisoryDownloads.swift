import Advisories
import Foundation
import Logging
import Registries
import Server
import Synchronization

/// Fetches advisories from https addresses, through the client for everything that leaves the process.
final class AdvisoryDownloads: Sendable {
    private let outbound = Mutex<OutboundClient?>(nil)

    /// osv.dev's largest archive, of all ecosystems, has about 1 GB.
    private static let limit = BodyLimit("advisory archive", sizeInBytes: 8 << 30)

    /// What a source on the command line means. Only https is fetched: advisories decide what counts as safe.
    func source(_ text: String) throws -> AdvisorySource {
        guard let separator = text.range(of: "://") else { return .path(text) }
        guard text[..<separator.lowerBound].lowercased() == "https" else {
            throw CommandFailure.usage("advisories are fetched over https only")
        }
        let url: OutboundURL
        do {
            url = try OutboundURL(text)
        } catch {
            throw CommandFailure.usage("the address \(error.message)")
        }
        return .stream(name: url.description, Download(url: url, client: client, limit: AdvisoryDownloads.limit))
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

/// One download, begun when it is read.
private struct Download: AsyncSequence, Sendable {
    let url: OutboundURL
    let client: OutboundClient
    let limit: BodyLimit

    func makeAsyncIterator() -> AsyncThrowingStream<[UInt8], any Error>.AsyncIterator {
        // The reader may be slower than the network: pieces are handed over one at a time.
        let handover = Handover()
        let (url, client, limit) = (url, client, limit)
        let task = Task {  // Ends with the stream below: a reader that stops cancels it.
            do {
                try await client.stream(
                    OutboundRequest(
                        .get,
                        url,
                        bodyLimit: limit,
                        deadlines: .stream,
                        redirects: .anywhereAnonymously(hops: 5)
                    )
                ) { head, body in
                    guard head.status == 200 else {
                        throw CommandFailure("\(url) answered with the status \(head.status)")
                    }
                    for try await piece in body { await handover.give(piece) }
                }
                await handover.end(nil)
            } catch {
                await handover.end(error)
            }
        }
        return AsyncThrowingStream<[UInt8], any Error>(unfolding: {
            try await withTaskCancellationHandler {
                try await handover.take()
            } onCancel: {
                task.cancel()
            }
        }).makeAsyncIterator()
    }
}

/// Hands pieces from a writer to a reader, one at a time; both wait for each other.
private actor Handover {
    private var piece: [UInt8]?
    private var outcome: Result<Void, any Error>?
    private var reader: CheckedContinuation<Void, Never>?
    private var writer: CheckedContinuation<Void, Never>?

    func give(_ bytes: [UInt8]) async {
        while piece != nil { await withCheckedContinuation { writer = $0 } }
        piece = bytes
        wakeReader()
    }

    func end(_ error: (any Error)?) async {
        while piece != nil { await withCheckedContinuation { writer = $0 } }
        outcome = error.map { .failure($0) } ?? .success(())
        wakeReader()
    }

    func take() async throws -> [UInt8]? {
        while true {
            if let next = piece {
                piece = nil
                writer?.resume()
                writer = nil
                return next
            }
            if let outcome {
                try outcome.get()
                return nil
            }
            await withCheckedContinuation { reader = $0 }
        }
    }

    private func wakeReader() {
        reader?.resume()
        reader = nil
    }
}
