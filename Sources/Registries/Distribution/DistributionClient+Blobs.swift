public import OCI

extension DistributionClient {
    /// Streams a blob from byte `offset` on, as stored.
    ///
    /// Redirects to storage are followed without any authorization. When `offset` is 0, size and digest are checked and reading
    /// throws ``RegistryError/Code/digestMismatch`` at the end, so keep nothing before it finishes; with another offset, or without
    /// `hashing`, only the size is, and a reader who hashes by itself must compare. Source: OCI distribution specification 1.1, "Pulling blobs".
    public func blob<Result: Sendable>(
        _ repository: String,
        _ descriptor: Descriptor,
        offset: Int64 = 0,
        hashing: Bool = true,
        _ consume: @escaping @Sendable (BlobBody) async throws -> Result
    ) async throws -> Result {
        let rest = descriptor.size - max(offset, 0)
        guard descriptor.size >= 0, rest >= 0, let limit = Int(exactly: rest) else {
            throw RegistryError.misbehaved(origin, "names a blob of an impossible size")
        }
        var request = request(
            "/v2/\(try checked(repository))/blobs/\(descriptor.digest)",
            accept: "*/*",
            limit: BodyLimit("blob of \(limit) bytes", sizeInBytes: limit)
        )
        request.redirects = .anywhereAnonymously(hops: 5)
        request.deadlines = .stream
        if offset > 0 { request.headers.append(("Range", "bytes=\(offset)-")) }
        let (result, standing) = try await authorized([.pull(repository)]) { authorization in
            var request = request
            request.authorization = authorization
            return try await outbound.stream(request) { head, body -> Reply<BlobReply<Result>> in
                guard head.status == 200 || head.status == 206 else {
                    let response = OutboundResponse(head: head, body: try await body.collected())
                    return head.status == 401 && head.url.origin == origin
                        ? .challenged(response) : .answered(.refused(response))
                }
                try self.check(head, offset)
                let blob = BlobBody(
                    body: body,
                    descriptor: descriptor,
                    expected: limit,
                    hashes: hashing && offset == 0,
                    origin: origin
                )
                return .answered(.read(try await consume(blob)))
            }
        } refused: {
            .refused($0)
        }
        switch result {
        case .read(let result): return result
        case .refused(let response): throw RegistryError(answer: response, about: .blob, as: standing)
        }
    }

    private func check(_ head: OutboundHead, _ offset: Int64) throws {
        guard offset > 0 else {
            guard head.status == 200 else { throw RegistryError.misbehaved(origin, "sent a part of a blob unasked") }
            return
        }
        guard head.status == 206, head.headers["Content-Range"]?.hasPrefix("bytes \(offset)-") == true else {
            throw RegistryError(
                .unsupported,
                "\(origin.authority) does not send a part of a blob",
                upstream: .init(registry: origin.authority, status: head.status)
            )
        }
    }
}

private enum BlobReply<Result: Sendable>: Sendable {
    case read(Result)
    case refused(OutboundResponse)
}

/// A blob's bytes, as stored, checked for size and digest on the way. It can be read once.
public struct BlobBody: AsyncSequence, Sendable {
    let body: OutboundBody
    let descriptor: Descriptor
    let expected: Int
    let hashes: Bool
    let origin: OutboundOrigin

    /// Reads it.
    public func makeAsyncIterator() -> Iterator {
        Iterator(
            source: body.makeAsyncIterator(),
            blob: self,
            hash: hashes ? BlobHash(descriptor.digest.algorithm) : nil
        )
    }

    /// Reads it.
    public struct Iterator: AsyncIteratorProtocol {
        var source: OutboundBody.Iterator
        let blob: BlobBody
        var hash: BlobHash?
        var received = 0

        /// The next piece; nil at the end, when size and digest are right. Never empty.
        public mutating func next() async throws -> [UInt8]? {
            guard let piece = try await source.next() else {
                guard received == blob.expected, hash.map({ $0.digest == blob.descriptor.digest }) ?? true else {
                    throw RegistryError(
                        .digestMismatch,
                        "\(blob.origin.authority) sent a blob that is not what its digest and size say",
                        upstream: .init(registry: blob.origin.authority)
                    )
                }
                return nil
            }
            received += piece.count
            hash?.update(piece)
            return piece
        }
    }
}
