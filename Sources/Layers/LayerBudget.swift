/// What a layer has cost so far, and what it may.
struct LayerBudget {
    let limits: LayerLimits
    /// What the descriptor says, when it does: the ratio is held against the whole.
    let announcedBytes: Int64?
    let elapsed: @Sendable () -> Duration
    var counts = LayerCounts()
    /// What holes of sparse files expanded to.
    private var expandedBytes: Int64 = 0
    private var sinceLookAtClock: Int64 = 0
    /// What a kept file takes besides its bytes: its entry, its place in tables.
    private static let keptFileBytes: Int64 = 256
    /// How much is read between two looks at the clock: a few milliseconds' worth.
    private static let clockInterval: Int64 = 4 << 20

    init(limits: LayerLimits, announcedBytes: Int64?, elapsed: @escaping @Sendable () -> Duration) {
        self.limits = limits
        self.announcedBytes = announcedBytes
        self.elapsed = elapsed
    }

    private var chargedKeptBytes: Int64 = 0

    /// More came. Nil while it is within the limits.
    mutating func charge(compressed count: Int) -> LayerIncompleteness? {
        counts.compressedBytes &+= Int64(count)
        if max(counts.compressedBytes, announcedBytes ?? 0) > limits.compressedBytes { return .limit(.compressedBytes) }
        return lookAtClock()
    }

    /// More of the archive was inflated.
    mutating func charge(uncompressed count: Int) -> LayerIncompleteness? {
        counts.uncompressedBytes &+= Int64(count)
        return checkArchive(count)
    }

    /// More of a sparse file was expanded.
    mutating func charge(expanded count: Int) -> LayerIncompleteness? {
        expandedBytes &+= Int64(count)
        return checkArchive(count)
    }

    /// One more header was read.
    mutating func chargeEntry() -> LayerIncompleteness? {
        counts.entries += 1
        return counts.entries > limits.entries ? .limit(.entries) : nil
    }

    /// A file is to be kept whole, and `count` bytes of it are new.
    mutating func charge(kept count: Int64) -> LayerIncompleteness? {
        chargedKeptBytes &+= count &+ Self.keptFileBytes
        guard count <= limits.keptBytes, chargedKeptBytes <= limits.keptBytes else { return .limit(.keptBytes) }
        counts.keptBytes += count
        return nil
    }

    private mutating func checkArchive(_ count: Int) -> LayerIncompleteness? {
        let total = counts.uncompressedBytes &+ expandedBytes
        if total > limits.uncompressedBytes { return .limit(.uncompressedBytes) }
        let stored = max(1, announcedBytes ?? counts.compressedBytes)
        if total > limits.ratioFloorInBytes, total / stored >= limits.ratio { return .limit(.ratio) }
        sinceLookAtClock &+= Int64(count)
        guard sinceLookAtClock >= Self.clockInterval else { return nil }
        return lookAtClock()
    }

    private mutating func lookAtClock() -> LayerIncompleteness? {
        sinceLookAtClock = 0
        return elapsed() > limits.duration ? .limit(.duration) : nil
    }
}
