import OCI
import Synchronization

/// Pulls one blob, over as many connections as it takes, within bounds.
struct BlobPull: Sendable {
    let client: DistributionClient
    let repository: String
    let descriptor: Descriptor

    /// Connections for one blob. Each begins at the registry anew, since signed storage URLs end.
    private static let mostTries = 5

    /// Gives every byte from `start` on to `write`, in order. Throws ``RegistryError``.
    func run(from start: Int64, _ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        let position = Mutex(start)
        var tries = 0
        while true {
            tries += 1
            do {
                try await pull(from: position.withLock { $0 }) { piece in
                    try await write(piece)
                    position.withLock { $0 += Int64(piece.count) }
                }
                return
            } catch let fault as BrokenOff {
                guard tries < BlobPull.mostTries else { throw fault.error }
            }
        }
    }

    /// The connection ended in the middle of the blob.
    private struct BrokenOff: Error {
        let error: RegistryError
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
        let hasBegun = Mutex(false)
        var request = request(from: offset)
        request.authorization = authorization
        do {
            return try await client.outbound.stream(request) { head, body in
                guard head.status == 200 || head.status == 206 else {
                    let response = OutboundResponse(head: head, body: try await body.collected())
                    // Only the registry itself may ask for a credential.
                    let isChallenge = head.status == 401 && head.url.origin == client.origin
                    return isChallenge ? .challenged(response) : .answered(response)
                }
                let isPart = try isPart(head, offset)
                hasBegun.withLock { $0 = true }
                try await copy(body, skipping: isPart ? 0 : offset, write)
                return .answered(nil)
            }
        } catch let error as RegistryError {
            // A stall in the middle is a broken connection that does not say so.
            guard error.code == .timeout, hasBegun.withLock({ $0 }) else { throw error }
            throw BrokenOff(error: error)
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
        var iterator = body.makeAsyncIterator()
        var skip = Int(clamping: count)
        while true {
            let next: [UInt8]?
            do {
                next = try await iterator.nextPiece()
            } catch let fault as TransportFault {
                throw fault.isTransient ? BrokenOff(error: fault.error) : fault.error
            }
            guard let piece = next else { return }
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
