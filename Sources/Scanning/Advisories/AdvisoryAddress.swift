public import Advisories
public import Registries

/// Where advisories are fetched from: an https address of a file or an archive. Only https is fetched: advisories decide what counts
/// as safe.
public struct AdvisoryAddress: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is no such address; ``message`` can be shown.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong, without the text itself.
        public let message: String
    }

    private let url: OutboundURL

    /// osv.dev's largest archive, of all ecosystems, has about 1 GB.
    private static let limit = BodyLimit("advisory archive", sizeInBytes: 8 << 30)

    /// Parses an address. Throws ``ValidationError``.
    public init(_ text: String) throws(ValidationError) {
        guard text.prefix(8).lowercased() == "https://" else {
            throw ValidationError(message: "advisories are fetched over https only")
        }
        do {
            self.init(url: try OutboundURL(text))
        } catch {
            throw ValidationError(message: "the address \(error.message)")
        }
    }

    init(url: OutboundURL) { self.url = url }

    /// As it may be shown.
    public var description: String { url.description }

    /// What is there, fetched through `client` when it is read. Reading throws `RegistryError` and ``AdvisoryError``.
    public func source(through client: OutboundClient) -> AdvisorySource {
        .stream(name: description, Download(url: url, client: client, limit: AdvisoryAddress.limit))
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
                        throw AdvisoryError(.unreadableSource, "\(url) answered with the status \(head.status)")
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
