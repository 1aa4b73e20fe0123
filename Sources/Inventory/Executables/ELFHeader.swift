/// What stands at the beginning of an ELF file: how numbers are written, and which stretches of it are loaded where.
///
/// Source: System V ABI, "Object Files"; elf(5).
struct ELFHeader: Sendable {
    static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    /// Of the smaller, 32-bit header.
    static let sizeInBytes: Int64 = 52

    /// A stretch of the file that is loaded.
    struct Segment: Sendable {
        let fileOffset: UInt64
        let address: UInt64
        let sizeInBytes: UInt64
        /// Whether it is neither written to nor run.
        let isConstant: Bool
    }

    /// Whether the highest byte comes first.
    let isBigEndian: Bool
    /// Whether addresses have eight bytes.
    let is64Bit: Bool
    /// Those that the head of the file tells of.
    private(set) var segments: [Segment] = []
    /// Whether a note says that Go's linker made it.
    private(set) var hasGoNote = false

    /// Linkers make a dozen.
    private static let segmentLimit = 128

    /// From the first bytes of a file; nil when they are no ELF header.
    init?(_ head: ByteView) {
        guard head.hasPrefix("\u{7F}ELF"), let width = head[4], let order = head[5], width == 1 || width == 2,
            order == 1 || order == 2
        else { return nil }
        is64Bit = width == 2
        isBigEndian = order == 2
        let table = is64Bit ? number(head, 32, 8) : number(head, 28, 4)
        let entrySize = number(head, is64Bit ? 54 : 42, 2)
        let count = number(head, is64Bit ? 56 : 44, 2)
        guard let table, let entrySize, let count, let start = Int(exactly: table), start < head.count else { return }
        for index in 0..<min(Int(count), ELFHeader.segmentLimit) {
            let place = start + index * Int(entrySize)
            guard let entry = head.slice(from: place, count: is64Bit ? 56 : 32) else { return }
            add(entry, head: head)
        }
    }

    /// Whether `offset` of the file may hold constants: anywhere, when no stretch is for them alone.
    func mayHoldConstants(from offset: Int, count: Int) -> Bool {
        let constants = segments.lazy.filter(\.isConstant)
        guard let start = UInt64(exactly: offset), !constants.isEmpty else { return true }
        let end = start.addingReportingOverflow(UInt64(max(0, count))).partialValue
        return constants.contains {
            $0.fileOffset < end && start < $0.fileOffset.addingReportingOverflow($0.sizeInBytes).partialValue
        }
    }

    /// Where in the file `address` is kept; nil when it is in no segment.
    func fileOffset(of address: UInt64) -> Int? {
        for segment in segments where address >= segment.address && address - segment.address < segment.sizeInBytes {
            let (place, overflow) = segment.fileOffset.addingReportingOverflow(address - segment.address)
            return overflow ? nil : Int(exactly: place)
        }
        return nil
    }

    /// An address or length at `offset`, as wide as the file's addresses or as `size` says.
    func number(_ view: ByteView, _ offset: Int, _ size: Int) -> UInt64? {
        switch (size, isBigEndian) {
        case (2, false): view.little(UInt16.self, at: offset).map(UInt64.init)
        case (2, true): view.big(UInt16.self, at: offset).map(UInt64.init)
        case (4, false): view.little(UInt32.self, at: offset).map(UInt64.init)
        case (4, true): view.big(UInt32.self, at: offset).map(UInt64.init)
        case (8, false): view.little(UInt64.self, at: offset)
        default: view.big(UInt64.self, at: offset)
        }
    }

    private mutating func add(_ entry: ByteView, head: ByteView) {
        guard let type = number(entry, 0, 4) else { return }
        let fields = is64Bit ? (offset: 8, address: 16, size: 32) : (offset: 4, address: 8, size: 16)
        let width = is64Bit ? 8 : 4
        guard let offset = number(entry, fields.offset, width), let address = number(entry, fields.address, width),
            let size = number(entry, fields.size, width), let access = number(entry, is64Bit ? 4 : 24, 4)
        else { return }
        if type == 1 {
            // 4 is for reading, 2 for writing, 1 for running.
            let isConstant = access & 7 == 4
            segments.append(Segment(fileOffset: offset, address: address, sizeInBytes: size, isConstant: isConstant))
        }
        if type == 4, let start = Int(exactly: offset), let length = Int(exactly: size),
            head.dropping(start).prefix(length).firstIndex(of: "Go\0\0") != nil
        {
            hasGoNote = true
        }
    }
}
