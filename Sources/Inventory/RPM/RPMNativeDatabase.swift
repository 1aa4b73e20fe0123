import Layers

/// `Packages.db` of SUSE: slots that point to blobs in blocks of 16 bytes. Source: rpm, lib/backend/ndb/rpmpkg.cc.
enum RPMNativeDatabase {
    private static let slotMagic: UInt32 = 0x746f_6c53
    private static let blobMagic: UInt32 = 0x5362_6c42
    private static let pageInBytes = 4096
    private static let blockInBytes = 16

    /// Calls `body` with the header of each package, in the order of the slots.
    static func forEachHeader(
        in file: ByteView,
        _ body: (ByteView) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        guard let version = file.little(UInt32.self, at: 4), version == 0, let pages = file.little(UInt32.self, at: 12),
            let end = file.slice(from: 0, count: pageInBytes).map({ _ in min(Int(pages) * pageInBytes, file.count) })
        else { throw UnreadableFile("rpm's database is cut off or of a version that is not known") }
        guard Int(pages) * pageInBytes <= file.count else { throw UnreadableFile("rpm's database is cut off") }
        // The first two places of the first page are the file's own header.
        var budget = file.count
        for place in stride(from: 2 * blockInBytes, to: end, by: blockInBytes) {
            guard file.little(UInt32.self, at: place) == slotMagic else {
                throw UnreadableFile("rpm's database has a damaged slot")
            }
            guard let number = file.little(UInt32.self, at: place + 4), number != 0,
                let block = file.little(UInt32.self, at: place + 8)
            else { continue }
            let start = Int(block) * blockInBytes
            guard file.little(UInt32.self, at: start) == blobMagic, file.little(UInt32.self, at: start + 4) == number,
                let length = file.little(UInt32.self, at: start + 12),
                let blob = file.slice(from: start + blockInBytes, count: Int(length))
            else { throw UnreadableFile("rpm's database has a damaged package") }
            // Each blob belongs to one slot; a file whose slots share them would be read over and over.
            budget -= blob.count
            guard budget >= 0 else { throw UnreadableFile("rpm's database tells the same packages again and again") }
            try body(blob)
        }
    }
}
