public import OCI

extension DistributionClient {
    /// Streams a blob from byte `offset` on, as stored.
    ///
    /// Redirects to storage are followed without any authorization. A connection that breaks is taken up where it broke, eight times
    /// at most; a registry that asks for a pause of up to a minute gets it. When `offset` is 0, size and digest are checked, and reading throws
    /// ``RegistryError/Code/digestMismatch`` at the end, so keep nothing before it finishes; with another offset only the size is.
    /// What is wrong with the request comes out of the first read. Source: OCI distribution specification 1.1, "Pulling blobs".
    public func blob<Result: Sendable>(
        _ repository: String,
        _ descriptor: Descriptor,
        offset: Int64 = 0,
        _ consume: @escaping @Sendable (BlobBody) async throws -> Result
    ) async throws -> Result {
        let pull = BlobPull(
            client: self,
            repository: try checked(repository),
            descriptor: descriptor,
            sleep: outbound.time.sleep
        )
        guard offset >= 0, offset <= descriptor.size, Int(exactly: descriptor.size) != nil else {
            throw RegistryError.misbehaved(origin, "names a blob of an impossible size")
        }
        return try await reading(pull, from: offset) { pipe in
            try await consume(BlobBody(pipe: pipe, descriptor: descriptor, offset: offset, registry: self.origin))
        }
    }

    /// Pulls beside `consume`, which the bytes wait for a little ahead. Ends when `consume` does.
    private func reading<Result: Sendable>(
        _ pull: BlobPull,
        from offset: Int64,
        _ consume: (BytePipe) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let pipe = BytePipe()
            group.addTask {
                do {
                    try await pull.run(from: offset) { try await pipe.write($0) }
                    pipe.finish(.success(()))
                } catch { pipe.finish(.failure(error)) }
            }
            defer { group.cancelAll() }
            return try await consume(pipe)
        }
    }

    /// Gives a blob's bytes to `read` as they come, in order, until it returns false. What breaks is taken up as in
    /// ``blob(_:_:offset:_:)``; `sleep` waits before each further try.
    ///
    /// Neither size nor digest is checked: for a reader that hashes by itself, on whose thread no other hash should run. Throws
    /// ``RegistryError``.
    public func readBlob(
        _ repository: String,
        _ descriptor: Descriptor,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await CancellableSleep.sleep(for: $0) },
        _ read: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws {
        guard descriptor.size >= 0 else {
            throw RegistryError.misbehaved(origin, "names a blob of an impossible size")
        }
        let pull = BlobPull(
            client: self,
            repository: try checked(repository),
            descriptor: descriptor,
            sleep: sleep
        )
        try await reading(pull, from: 0) { pipe in
            while let piece = try await pipe.read(), await read(piece) {}
        }
    }
}

/// A blob's bytes, as stored, checked for size and digest on the way. It can be read once.
public struct BlobBody: AsyncSequence, Sendable {
    let pipe: BytePipe
    let descriptor: Descriptor
    let offset: Int64
    let registry: OutboundOrigin

    /// Reads it.
    public func makeAsyncIterator() -> Iterator {
        Iterator(blob: self, hash: offset == 0 ? BlobHash(descriptor.digest.algorithm) : nil)
    }

    /// Reads it.
    public struct Iterator: AsyncIteratorProtocol {
        let blob: BlobBody
        var hash: BlobHash?
        var received: Int64 = 0

        /// The next piece; nil at the end, when size and digest are right. Never empty.
        public mutating func next() async throws -> [UInt8]? {
            guard let piece = try await blob.pipe.read() else {
                guard received == blob.descriptor.size - blob.offset,
                    hash.map({ $0.digest == blob.descriptor.digest }) ?? true
                else {
                    throw RegistryError(
                        .digestMismatch,
                        "\(blob.registry.authority) sent a blob that is not what its digest and size say",
                        upstream: .init(registry: blob.registry.authority)
                    )
                }
                return nil
            }
            received += Int64(piece.count)
            hash?.update(piece)
            return piece
        }
    }
}
