import Layers

/// `Packages.db` of SUSE as it streams past: slots that point to blobs in blocks of 16 bytes. All slots stand in front.
///
/// Source: rpm, lib/backend/ndb/rpmpkg.cc.
struct RPMNativeStream {
    private static let slotMagic: UInt32 = 0x746f_6c53
    private static let blobMagic: UInt32 = 0x5362_6c42
    private static let pageInBytes = 4096
    private static let blockInBytes = 16
    /// Slots of 3,000 packages take 12 pages.
    private static let slotPagesLimit = 1024

    private struct Slot {
        let number: UInt32
        let start: Int
    }

    private enum Stage {
        case slots
        case blobs
        /// Nothing is read before the end, which says why.
        case unreadable(UnreadableFile)
    }

    private var stage = Stage.slots
    private var slots: [Slot] = []
    /// The slots by the places of their blobs, of which the first ``next`` were read.
    private var order: [Int] = []
    private var next = 0
    private var headers: [Int: RPMGathering.Header] = [:]
    private var idle = IdleStretch()
    private var idleEnd = 0

    /// Looks at what was written since.
    mutating func advance(_ bytes: ReservedBytes) {
        if case .slots = stage { readSlots(bytes.view) }
        guard case .blobs = stage else { return }
        while next < order.count {
            let slot = slots[order[next]]
            let view = bytes.view
            guard view.count >= slot.start + RPMNativeStream.blockInBytes else { break }
            guard let length = RPMNativeStream.length(of: slot, in: view) else {
                stage = .unreadable(UnreadableFile("rpm's database has a damaged package"))
                return
            }
            let start = slot.start + RPMNativeStream.blockInBytes
            // Where they lie in each other, the file would be read over and over.
            guard next + 1 == order.count || start + length <= slots[order[next + 1]].start else {
                stage = .unreadable(UnreadableFile("rpm's database tells the same packages again and again"))
                return
            }
            guard let blob = view.slice(from: start, count: length) else { break }
            headers[order[next]] = RPMGathering.read(blob)
            next += 1
            idle.add(idleEnd..<(start + length), bytes)
            idleEnd = start + length
        }
        if next == order.count, idleEnd < bytes.count {
            idle.add(idleEnd..<bytes.count, bytes)
            idleEnd = bytes.count
        }
    }

    /// Gathers the packages in the order of their slots.
    func finish(_ file: ByteView, _ gathering: inout RPMGathering) throws(UnreadableFile) {
        switch stage {
        case .unreadable(let reason): throw reason
        case .slots: throw UnreadableFile("rpm's database is cut off or of a version that is not known")
        case .blobs: break
        }
        guard next == order.count else { throw UnreadableFile("rpm's database is cut off") }
        for place in slots.indices {
            if let header = headers[place] { try gathering.add(header) }
        }
    }

    private mutating func readSlots(_ file: ByteView) {
        guard let version = file.little(UInt32.self, at: 4), let pages = file.little(UInt32.self, at: 12) else {
            return
        }
        guard version == 0, pages > 0, pages <= RPMNativeStream.slotPagesLimit else {
            stage = .unreadable(UnreadableFile("rpm's database is cut off or of a version that is not known"))
            return
        }
        let end = Int(pages) * RPMNativeStream.pageInBytes
        guard file.count >= end else { return }
        // The first two places of the first page are the file's own header.
        for place in stride(from: 2 * RPMNativeStream.blockInBytes, to: end, by: RPMNativeStream.blockInBytes) {
            guard file.little(UInt32.self, at: place) == RPMNativeStream.slotMagic else {
                stage = .unreadable(UnreadableFile("rpm's database has a damaged slot"))
                return
            }
            guard let number = file.little(UInt32.self, at: place + 4), number != 0,
                let block = file.little(UInt32.self, at: place + 8)
            else { continue }
            slots.append(Slot(number: number, start: Int(block) * RPMNativeStream.blockInBytes))
        }
        order = slots.indices.sorted { (slots[$0].start, $0) < (slots[$1].start, $1) }
        // Each blob belongs to one slot; a file whose slots share them would be read over and over.
        if zip(order, order.dropFirst()).contains(where: { slots[$0].start == slots[$1].start }) {
            stage = .unreadable(UnreadableFile("rpm's database tells the same packages again and again"))
            return
        }
        stage = .blobs
    }

    /// The length of the blob of `slot`; nil when there is another thing in its place.
    private static func length(of slot: Slot, in file: ByteView) -> Int? {
        guard file.little(UInt32.self, at: slot.start) == blobMagic,
            file.little(UInt32.self, at: slot.start + 4) == slot.number
        else { return nil }
        return file.little(UInt32.self, at: slot.start + 12).map(Int.init)
    }
}
