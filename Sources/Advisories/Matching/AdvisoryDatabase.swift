import Synchronization

/// A snapshot, open for matching. It stays the same while it is open, whatever is imported meanwhile.
public final class AdvisoryDatabase: Sendable {
    private let reader: Mutex<SnapshotReader>

    /// Opens the snapshot at `path`. Throws ``AdvisoryError/Code/unusableDatabase`` when there is none, or one of another format.
    public init(path: String) throws(AdvisoryError) {
        let file = try SnapshotFile(reading: path)
        try SnapshotSchema.check(file)
        reader = Mutex(try SnapshotReader(file))
    }

    /// How old the snapshot is and what is in it.
    public func status() throws(AdvisoryError) -> AdvisorySnapshotStatus {
        try reader.withLock { reader throws(AdvisoryError) in try reader.status() }
    }

    /// Finds the flaws of every package in `queries`. One batch at a time; it answers in milliseconds for thousands of packages.
    ///
    /// Throws ``AdvisoryError/Code/unusableDatabase`` when the snapshot turns out to be damaged.
    public func match(_ queries: [AdvisoryQuery]) throws(AdvisoryError) -> AdvisoryMatches {
        try reader.withLock { reader throws(AdvisoryError) in
            var batch = AdvisoryBatch(reader)
            return try reader.batch { () throws(AdvisoryError) in try batch.match(queries) }
        }
    }
}
