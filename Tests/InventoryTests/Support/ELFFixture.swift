/// A small executable made in code: 64 bits, lowest byte first, everything in one loaded segment at 0x400000.
struct ELFFixture {
    static let address: UInt64 = 0x400000

    /// Go's note in the head, as its linker puts it there.
    var hasGoNote = false
    /// What follows the head of 4096 bytes, at file offset 4096.
    var body = ByteWriter()

    /// Go 1.18 and later: texts behind the header.
    mutating func addGoInfo(version: String, modules: String) {
        body.align(16)
        body.bytes += [0xFF]
        body.text(" Go buildinf:")
        body.bytes += [8, 2]
        body.zeros(16)
        addText(Array(version.utf8))
        addText(ELFFixture.marked(modules))
    }

    /// Go 1.17 and before: addresses of string headers behind it, whose texts stand in front of it.
    mutating func addEarlierGoInfo(version: String, modules: String) {
        let list = ELFFixture.marked(modules)
        let versionPlace = UInt64(4096 + body.bytes.count)
        body.text(version)
        body.text("go1.0 is another text. ")
        let listPlace = UInt64(4096 + body.bytes.count)
        body.bytes += list
        body.align(16)
        let header = UInt64(4096 + body.bytes.count)
        body.bytes += [0xFF]
        body.text(" Go buildinf:")
        body.bytes += [8, 0]
        body.little(ELFFixture.address + header + 32)
        body.little(ELFFixture.address + header + 48)
        body.little(ELFFixture.address + versionPlace)
        body.little(UInt64(version.utf8.count))
        body.little(ELFFixture.address + listPlace)
        body.little(UInt64(list.count))
    }

    /// The file.
    var bytes: [UInt8] {
        let size = UInt64(4096 + body.bytes.count + 2048)
        var file = ByteWriter(bytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9))
        file.little(UInt16(2))
        file.little(UInt16(62))
        file.little(UInt32(1))
        file.little(ELFFixture.address)
        file.little(UInt64(64))
        file.little(UInt64(0))
        file.little(UInt32(0))
        for field: UInt16 in [64, 56, 2, 0, 0, 0] { file.little(field) }
        addSegment(to: &file, type: 1, offset: 0, size: size)
        addSegment(to: &file, type: 4, offset: 512, size: 32)
        file.pad(to: 512)
        file.little(UInt32(4))
        file.little(UInt32(12))
        file.little(UInt32(4))
        file.text(hasGoNote ? "Go\0\0" : "GNU\0")
        file.pad(to: 4096)
        file.bytes += body.bytes
        file.zeros(2048)
        return file.bytes
    }

    private func addSegment(to file: inout ByteWriter, type: UInt32, offset: UInt64, size: UInt64) {
        file.little(type)
        file.little(UInt32(5))
        file.little(offset)
        file.little(ELFFixture.address + offset)
        file.little(ELFFixture.address + offset)
        file.little(size)
        file.little(size)
        file.little(UInt64(4096))
    }

    private mutating func addText(_ bytes: [UInt8]) {
        var length = bytes.count
        while length >= 0x80 {
            body.bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        body.bytes.append(UInt8(length))
        body.bytes += bytes
    }

    /// Between the linker's marks.
    private static func marked(_ modules: String) -> [UInt8] {
        let begin: [UInt8] = [
            0x30, 0x77, 0xAF, 0x0C, 0x92, 0x74, 0x08, 0x02, 0x41, 0xE1, 0xC1, 0x07, 0xE6, 0xD6, 0x18, 0xE6,
        ]
        let end: [UInt8] = [
            0xF9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xD8, 0xF2,
        ]
        return begin + Array(modules.utf8) + end
    }
}
