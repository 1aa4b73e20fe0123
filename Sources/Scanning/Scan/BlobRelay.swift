import OCI

/// Hashes a blob beside whoever reads it: inflating a layer fills one core, and hashing on the same core makes it wait an eighth longer.
///
/// Pieces are collected, and each full collection is hashed by a task of its own after the one before it. At most two collections
/// are held: whoever brings a third waits.
actor BlobRelay {
    /// Large enough that a task for each costs nothing, small enough for a processor's cache.
    private static let collectionInBytes = 512 << 10

    private var hashed: Task<BlobHash, Never>
    private var pieces: [[UInt8]] = []
    private var sizeInBytes = 0

    init(_ algorithm: Digest.Algorithm) {
        hashed = Task { BlobHash(algorithm) }
    }

    /// The next piece. One caller at a time.
    func write(_ piece: [UInt8]) async {
        pieces.append(piece)
        sizeInBytes += piece.count
        if sizeInBytes >= BlobRelay.collectionInBytes { await pass() }
    }

    /// Of all pieces.
    func finish() async -> Digest {
        await pass()
        return await hashed.value.digest
    }

    private func pass() async {
        let before = await hashed.value
        let collection = pieces
        pieces = []
        sizeInBytes = 0
        hashed = Task.detached {
            var hash = before
            for piece in collection { hash.update(piece) }
            return hash
        }
    }
}
