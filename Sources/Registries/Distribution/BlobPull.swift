import OCI
import Synchronization

/// Pulls one blob, over as many connections as it takes, within the bounds of ``PullPatience``.
///
/// The one owner of resuming and of trying again: the outbound client sends each request of it once, and who reads a blob does not
/// ask again.
struct BlobPull: Sendable {
    let client: DistributionClient
    let repository: String
    let descriptor: Descriptor
    /// Waits between two tries; called before each further one, also when there is nothing to wait for.
    let sleep: @Sendable (Duration) async throws -> Void

    /// Gives every byte from `start` on to `write`, in order. Throws ``RegistryError``.
    func run(from start: Int64, _ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        let position = Mutex(start)
        var patience = PullPatience()
        while true {
            let before = position.withLock { $0 }
            do {
                // Each try begins at the registry anew, since signed storage URLs end.
                return try await pull(from: before) { piece in
                    try await write(piece)
                    position.withLock { $0 += Int64(piece.count) }
                }
            } catch let error as RegistryError {
                let now = position.withLock { $0 }
                // Broken behind the last byte: nothing is left to ask for, and the digest tells whether it really is all.
                if PullPatience.isTransport(error), now > before, now == descriptor.size { return }
                guard let pause = patience.pause(after: error, broughtBytes: now > before) else { throw error }
                try await sleep(pause)
            }
        }
    }

    private func pull(from offset: Int64, _ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        let (refusal, standing) = try await client.authorized([.pull(repository)]) { authorization in
            try await attempt(from: offset, as: authorization, write)
        } refused: {
            $0
        }
        if let refusal { throw RegistryError(answer: refusal, about: .blob, as: standing) }
    }

    /// One connection. Answers with what the registry refused it with, or with nil when the blob came.
    private func attempt(
        from offset: Int64,
        as authorization: OutboundRequest.Authorization?,
        _ write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> DistributionClient.Reply<OutboundResponse?> {
        var request = request(from: offset)
        request.authorization = authorization
        return try await client.outbound.stream(request) { head, body in
            guard head.status == 200 || head.status == 206 else {
                let response = OutboundResponse(head: head, body: try await body.collected())
                // Only the registry itself may ask for a credential.
                let isChallenge = head.status == 401 && head.url.origin == client.origin
                return isChallenge ? .challenged(response) : .answered(response)
            }
            try await copy(body, skipping: isPart(head, offset) ? 0 : offset, write)
            return .answered(nil)
        }
    }

    private func request(from offset: Int64) -> OutboundRequest {
        var request = client.request(
            "/v2/\(repository)/blobs/\(descriptor.digest)",
            accept: "*/*",
            limit: BodyLimit("blob of this size", sizeInBytes: Int(clamping: descriptor.size))
        )
        request.redirects = .anywhereAnonymously(hops: 5)
        request.deadlines = .stream
        request.isRetryable = false
        if offset > 0 { request.headers.append(("Range", "bytes=\(offset)-")) }
        return request
    }

    /// Whether the answer begins at `offset`; false: at the blob's beginning, since the server ignored the range.
    private func isPart(_ head: OutboundHead, _ offset: Int64) throws -> Bool {
        guard head.status == 206 else { return false }
        guard offset > 0, head.headers["Content-Range"]?.lowercased().hasPrefix("bytes \(offset)-") == true else {
            throw RegistryError.misbehaved(client.origin, "sent another part of a blob than was asked for", status: 206)
        }
        return true
    }

    private func copy(
        _ body: OutboundBody,
        skipping count: Int64,
        _ write: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        var skip = Int(clamping: count)
        for try await piece in body {
            guard skip > 0 else {
                try await write(piece)
                continue
            }
            let kept = Array(piece.dropFirst(skip))
            skip = max(0, skip - piece.count)
            if !kept.isEmpty { try await write(kept) }
        }
    }
}
