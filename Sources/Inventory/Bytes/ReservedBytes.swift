import Glibc

/// Address space for one file, of which only what was written and not given back takes memory. What was given back reads as zeros.
///
/// One reader has it, and readers go from task to task under the lock of their layer: that makes it sendable.
final class ReservedBytes: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// How much was written.
    private(set) var count = 0
    /// How much of it was given back.
    private(set) var givenBackInBytes = 0

    private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// Room for `capacity` bytes; nil when the system gives none.
    init?(capacity: Int) {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard capacity > 0, let base = mmap(nil, capacity, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED
        else { return nil }
        // A huge page stays in memory for any byte of it. Where there are none, nothing needs to be said.
        _ = madvise(base, capacity, MADV_NOHUGEPAGE)
        self.base = base
        self.capacity = capacity
    }

    deinit { munmap(base, capacity) }

    /// Writes `bytes` behind the others; false, and nothing is written, when there is no room.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= capacity - count else { return false }
        if let source = bytes.baseAddress { memcpy(base + count, source, bytes.count) }
        count += bytes.count
        return true
    }

    /// Lets `body` write at most `limit` bytes behind the others; says how many it wrote.
    func append(atMost limit: Int, _ body: (UnsafeMutableRawBufferPointer) -> RawInflater.Step) -> RawInflater.Step {
        let room = max(0, min(limit, capacity - count))
        let step = body(UnsafeMutableRawBufferPointer(start: base + count, count: room))
        count += min(room, step.produced)
        return step
    }

    /// Forgets everything. At most `keptInBytes` of its memory stay for what comes next.
    func reset(keeping keptInBytes: Int) {
        // Pages that are never asked for may hold something older; what is written comes before what is read.
        let page = ReservedBytes.pageBytes
        let start = min(count, (keptInBytes + page - 1) / page * page)
        if start < count { madvise(base + start, count - start, MADV_DONTNEED) }
        count = 0
        givenBackInBytes = 0
    }

    /// Gives back the whole pages in `range` of what was written.
    func giveBack(_ range: Range<Int>) {
        let page = ReservedBytes.pageBytes
        let start = (min(count, max(0, range.lowerBound)) + page - 1) / page * page
        let end = min(count, range.upperBound) / page * page
        guard start < end, madvise(base + start, end - start, MADV_DONTNEED) == 0 else { return }
        givenBackInBytes += end - start
    }

    /// What is in memory of it.
    var heldInBytes: Int { count - givenBackInBytes }

    /// What was written; valid as long as this is.
    var view: ByteView { ByteView(UnsafeRawBufferPointer(start: base, count: count)) }
}
