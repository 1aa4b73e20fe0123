/// Reads a tar archive as it streams past: v7, ustar, PAX, GNU (long names, sparse files, base 256).
///
/// A machine without a callback: give ``next(_:)`` the bytes at hand until it needs more, in pieces of any size. Nothing is copied but
/// what straddles two pieces; content that is skipped costs an addition. Where readers of tar differ, it does as Go's `archive/tar`,
/// through which container engines see their layers.
/// Source: POSIX pax; GNU tar manual, "Tar Internals".
public struct TarReader: ~Copyable {
    /// What ``next(_:)`` found.
    public enum Event {
        /// The bytes are used up.
        case needsInput
        /// A header: see ``TarReader/entry``, ``TarReader/name`` and ``TarReader/linkName``. Its content follows unless it is skipped.
        case entry
        /// The next bytes of a file, holes of sparse files expanded, valid until the next call.
        case content(UnsafeRawBufferPointer)
        /// What is left of a sparse file cannot be told; why. No ``endOfEntry`` follows.
        case unreadableContent(String)
        /// All content of the entry came. Left out when it was skipped.
        case endOfEntry
        /// The end of the archive. What follows is padding and ignored.
        case end
        /// Nothing more can be read.
        case failed(LayerIncompleteness)
    }

    enum State {
        case header, metadata, sparseExtension, sparseMap, content, sparseContent, padding, end
        case failed
    }

    static let blockBytes = 512
    static let holeBytes = 64 << 10

    let limits: LayerLimits
    var state = State.header
    /// The entry that was met last.
    public internal(set) var entry = TarEntry()
    /// Its name, as written.
    public internal(set) var name: [UInt8] = []
    /// Of a link: where it leads, as written.
    public internal(set) var linkName: [UInt8] = []

    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: TarReader.blockBytes, alignment: 8)
    private var blockCount = 0
    private var sawZeroBlock = false

    /// Bytes of the entry or extended header that are still in the archive, and what fills its last block.
    var remaining: Int64 = 0
    var padding = 0
    var isSkipping = false

    /// An extended header while it is collected, and what those before the next entry said.
    var metadata: [UInt8] = []
    var metadataType: UInt8 = 0
    var records = PAXRecords()
    var gnuName: [UInt8]?
    var gnuLinkName: [UInt8]?
    var sawExtendedHeader = false

    var sparse: SparseMap
    var sparseText: SparseMapText?
    var sparsePiece = 0
    var sparsePosition: Int64 = 0
    private var hole: UnsafeMutableRawBufferPointer?

    /// A reader at the start of an archive. Of `limits`, those of names and extended headers are used.
    public init(limits: LayerLimits = LayerLimits()) {
        self.limits = limits
        sparse = SparseMap(limit: limits.sparsePieces)
    }

    deinit {
        block.deallocate()
        hole?.deallocate()
    }

    /// The name of the entry, made safe: relative to the root, without `.`, `..` and empty parts.
    public var path: String {
        var path = EntryPath()
        name.withUnsafeBytes { path.set($0) }
        return path.string
    }

    /// Where the archive would be cut if nothing more came; nil when it may end here: between entries, as Go's reader has it, with or
    /// without the two blocks of zeros.
    public var openPlace: String? {
        switch state {
        case .header: sawExtendedHeader ? "an extended header" : blockCount > 0 ? "a header" : nil
        case .metadata, .sparseExtension: "an extended header"
        case .content, .sparseContent, .sparseMap: remaining > 0 ? "a file" : nil
        case .padding: sawExtendedHeader ? "an extended header" : nil
        case .end, .failed: nil
        }
    }

    /// Passes over what is left of the entry: none of its events follow.
    public mutating func skip() { isSkipping = true }

    /// Reads on in `input`, which moves on.
    public mutating func next(_ input: inout UnsafeRawBufferPointer) -> Event {
        while true {
            switch state {
            case .header:
                guard let header = takeBlock(&input) else { return .needsInput }
                if let event = readHeader(header) { return event }
            case .metadata:
                guard collectMetadata(&input) else { return .needsInput }
                if let failure = readMetadata() { return fail(failure) }
            case .sparseExtension:
                guard let pieces = takeBlock(&input) else { return .needsInput }
                if let event = readSparseExtension(pieces) { return event }
            case .content:
                guard isSkipping else {
                    guard remaining > 0 else {
                        state = .padding
                        return .endOfEntry
                    }
                    guard !input.isEmpty else { return .needsInput }
                    return .content(takeContent(&input, atMost: remaining))
                }
                guard passOver(&input) else { return .needsInput }
            case .sparseMap:
                if isSkipping || remaining < Int64(Self.blockBytes) {
                    remaining -= Int64(blockCount)
                    blockCount = 0
                    guard isSkipping else { return unreadable("a sparse file with a damaged map") }
                    state = .content
                } else {
                    guard let text = takeBlock(&input) else { return .needsInput }
                    if let event = readSparseText(text) { return event }
                }
            case .sparseContent:
                guard isSkipping else {
                    return nextSparse(&input)
                }
                state = .content
            case .padding:
                guard passOver(&input) else { return .needsInput }
            case .end:
                input = UnsafeRawBufferPointer(start: nil, count: 0)
                return .end
            case .failed:
                input = UnsafeRawBufferPointer(start: nil, count: 0)
                return .needsInput
            }
        }
    }

    mutating func fail(_ failure: LayerIncompleteness) -> Event {
        state = .failed
        return .failed(failure)
    }

    /// Two blocks of zeros end the archive; one alone is damage, unless nothing follows it.
    mutating func readZeroBlock() -> Event? {
        guard sawZeroBlock else {
            sawZeroBlock = true
            return nil
        }
        state = .end
        return .end
    }

    /// Whether a block of zeros came where only another, or nothing, may follow.
    var isAfterZeroBlock: Bool { sawZeroBlock }

    /// Zeros for holes, made when the first hole is met.
    mutating func holeBuffer() -> UnsafeRawBufferPointer {
        if let hole { return UnsafeRawBufferPointer(hole) }
        let made = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.holeBytes, alignment: 64)
        made.initializeMemory(as: UInt8.self, repeating: 0)
        hole = made
        return UnsafeRawBufferPointer(made)
    }

    /// The next bytes of the entry, as many as are at hand.
    mutating func takeContent(_ input: inout UnsafeRawBufferPointer, atMost limit: Int64) -> UnsafeRawBufferPointer {
        let count = Int(min(Int64(input.count), limit, remaining))
        let taken = UnsafeRawBufferPointer(rebasing: input[..<count])
        input = UnsafeRawBufferPointer(rebasing: input[count...])
        remaining -= Int64(count)
        return taken
    }

    /// Passes over what is left of the entry and its last block. False when more of it must come.
    private mutating func passOver(_ input: inout UnsafeRawBufferPointer) -> Bool {
        let ofContent = Int(min(Int64(input.count), remaining))
        remaining -= Int64(ofContent)
        let ofPadding = min(input.count - ofContent, padding)
        padding -= ofPadding
        input = UnsafeRawBufferPointer(rebasing: input[(ofContent + ofPadding)...])
        guard remaining == 0, padding == 0 else { return false }
        state = .header
        return true
    }

    /// The next block, in place when it is whole; valid until the next call.
    private mutating func takeBlock(_ input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if blockCount == 0, input.count >= Self.blockBytes {
            let taken = UnsafeRawBufferPointer(rebasing: input[..<Self.blockBytes])
            input = UnsafeRawBufferPointer(rebasing: input[Self.blockBytes...])
            return taken
        }
        let count = min(Self.blockBytes - blockCount, input.count)
        UnsafeMutableRawBufferPointer(rebasing: block[blockCount...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: input[..<count])
        )
        input = UnsafeRawBufferPointer(rebasing: input[count...])
        blockCount += count
        guard blockCount == Self.blockBytes else { return nil }
        blockCount = 0
        return UnsafeRawBufferPointer(block)
    }
}
