public import OCI

/// What a layer's blob must be.
public struct LayerExpectation: Sendable, Hashable {
    /// Of the bytes as stored.
    public var digest: Digest?
    /// Length of the bytes as stored.
    public var sizeInBytes: Int64?
    /// Of the archive (`diff_ids` of the image's configuration), for archives of `docker save`, which tell nothing else. Hashing it costs as
    /// much as inflating does.
    public var archiveDigest: Digest?

    /// An expectation; what is nil is not compared.
    public init(digest: Digest?, sizeInBytes: Int64?, archiveDigest: Digest? = nil) {
        self.digest = digest
        self.sizeInBytes = sizeInBytes
        self.archiveDigest = archiveDigest
    }

    /// What a manifest says of its layer.
    public init(_ descriptor: Descriptor) {
        self.init(digest: descriptor.digest, sizeInBytes: descriptor.size)
    }
}

/// Reads one layer as its blob arrives: hashes, inflates, goes through the archive, and keeps the files that the selector wants.
///
/// Synchronous: ``write(_:)`` each chunk in order, of any size, then ``finish()``. What the blob is compressed with is told from its first
/// bytes. Memory is bounded by ``LayerLimits``: in practice 0.5 MiB, the kept files, and some 20 bytes per entry.
public struct LayerReader: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory behind the pointers of its parts is its own, and it cannot be copied, so that one task has it at a time.

    private let expectation: LayerExpectation
    private var blobHash: BlobHash?
    private var archiveHash: BlobHash?
    private var inflater: LayerInflater
    private var walk: LayerWalk
    private var failure: LayerIncompleteness?
    private var isTooLong = false

    /// A reader at the start of a blob. `elapsed` says how long ago it was made; by default a monotonic clock does.
    public init(
        expecting expectation: LayerExpectation,
        selector: any FileSelector,
        limits: LayerLimits = LayerLimits(),
        elapsed: (@Sendable () -> Duration)? = nil
    ) {
        self.expectation = expectation
        blobHash = (expectation.digest?.algorithm).map { BlobHash($0) }
        archiveHash = (expectation.archiveDigest?.algorithm).map { BlobHash($0) }
        inflater = LayerInflater(zstdWindowLog: limits.zstdWindowLog)
        let start = ContinuousClock.now
        let budget = LayerBudget(
            limits: limits,
            announcedBytes: expectation.sizeInBytes,
            elapsed: elapsed ?? { ContinuousClock.now - start }
        )
        walk = LayerWalk(selector: selector, budget: budget)
    }

    /// What was counted so far, for progress.
    public var counts: LayerCounts { walk.budget.counts }

    /// What is held of the file that passes now, and how much that may become.
    public var held: (bytes: Int, ofBytes: Int64) { walk.held }

    /// Why nothing more will come of it, as far as that is known before its end.
    public var incompleteness: LayerIncompleteness? { failure }

    /// Reads the next bytes of the blob.
    ///
    /// False once nothing more will come of them: a limit is broken, or they are damaged, or more than announced. The caller may
    /// ``giveUp(_:)`` there, or go on to ``finish()`` so that at least the digest is compared; further bytes are then only hashed.
    @discardableResult
    public mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty, !isTooLong else { return failure == nil }
        let broken = walk.budget.charge(compressed: bytes.count)
        if let expected = expectation.sizeInBytes, walk.budget.counts.compressedBytes > expected {
            isTooLong = true
            failure = failure ?? .notRead("more bytes came than announced")
            return false
        }
        blobHash?.update(bytes)
        if failure == nil { failure = broken ?? inflate(bytes) }
        return failure == nil
    }

    /// The blob ended. Throws ``LayerError`` when it is not the one that was expected; then nothing of it must be used.
    public mutating func finish() throws(LayerError) -> LayerContents {
        let received = walk.budget.counts.compressedBytes
        if let expected = expectation.sizeInBytes {
            if isTooLong { throw .tooLong(expected: expected) }
            if received != expected { throw .size(expected: expected, actual: received) }
        }
        if let expected = expectation.digest, let actual = blobHash?.digest, actual != expected {
            throw .digest(expected: expected, actual: actual, of: "the blob")
        }
        if failure == nil { failure = finishArchive() }
        if failure == nil, let expected = expectation.archiveDigest, let actual = archiveHash?.digest,
            actual != expected
        {
            throw .digest(expected: expected, actual: actual, of: "the layer's archive")
        }
        return contents(isVerified: true)
    }

    /// The rest of the blob is not read, or cannot be: what was found so far, not verified, and incomplete for the reason that
    /// ``write(_:)`` met, or for `reason`.
    public mutating func giveUp(_ reason: LayerIncompleteness) -> LayerContents {
        failure = failure ?? reason
        return contents(isVerified: false)
    }

    private mutating func contents(isVerified: Bool) -> LayerContents {
        walk.finish()
        return LayerContents(
            completeness: failure.map { .incomplete($0) } ?? .complete,
            isVerified: isVerified,
            compression: inflater.compression,
            kept: walk.kept,
            counts: walk.budget.counts,
            log: walk.log,
            links: walk.links
        )
    }

    private mutating func inflate(_ bytes: UnsafeRawBufferPointer) -> LayerIncompleteness? {
        var rest = bytes
        while true {
            switch inflater.next(&rest) {
            case .output(let archive):
                archiveHash?.update(archive)
                if let failure = walk.read(archive) { return failure }
            case .needsInput: return nil
            case .failed(let failure): return failure
            }
        }
    }

    private mutating func finishArchive() -> LayerIncompleteness? {
        if let archive = inflater.finish() {
            archiveHash?.update(archive)
            if let failure = walk.read(archive) { return failure }
        }
        return (inflater.openPlace ?? walk.tar.openPlace).map { .truncated($0) }
    }
}
