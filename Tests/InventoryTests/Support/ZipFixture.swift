/// A zip archive made in code.
struct ZipFixture {
    private var writer = ByteWriter()
    private var directory = ByteWriter()
    private var count: UInt16 = 0
    private var last = 0

    /// What stands in front of it, as a script that starts it.
    init(lead: String = "") { writer.text(lead) }

    /// Adds a file; `size`, `data` and `localName` can lie, and so can `wideSize`, which stands in the directory's zip64 field. With `hasDescriptor` its sizes stand behind it, as Java writes them.
    mutating func add(
        _ name: String,
        _ bytes: [UInt8],
        isDeflated: Bool = false,
        size: Int? = nil,
        data: [UInt8]? = nil,
        method: UInt16? = nil,
        wideSize: UInt64? = nil,
        isEncrypted: Bool = false,
        hasDescriptor: Bool = false,
        localName: String? = nil
    ) {
        let data = data ?? (isDeflated ? Deflated.stored(bytes) : bytes)
        let offset = UInt32(writer.bytes.count)
        var fields = ByteWriter()
        fields.little(UInt16(20))
        fields.little(UInt16((isEncrypted ? 1 : 0) | (hasDescriptor ? 8 : 0)))
        fields.little(method ?? (isDeflated ? 8 : 0))
        fields.little(UInt32(0))
        fields.little(Deflated.crc32(bytes))
        fields.little(UInt32(data.count))
        fields.little(UInt32(size ?? bytes.count))
        fields.little(UInt16(name.utf8.count))
        fields.little(UInt16(0))
        writer.little(UInt32(0x0403_4b50))
        let local = localName ?? name
        writer.bytes += fields.bytes[..<10]
        writer.bytes += hasDescriptor ? [UInt8](repeating: 0, count: 12) : Array(fields.bytes[10..<22])
        writer.little(UInt16(local.utf8.count))
        writer.little(UInt16(0))
        writer.text(local)
        writer.bytes += data
        if hasDescriptor {
            writer.little(UInt32(0x0807_4b50))
            writer.bytes += fields.bytes[10..<22]
        }
        last = directory.bytes.count
        directory.little(UInt32(0x0201_4b50))
        directory.little(UInt16(20))
        if wideSize != nil { fields.bytes.replaceSubrange(18..., with: wide(name)) }
        directory.bytes += fields.bytes
        directory.zeros(10)
        directory.little(offset)
        directory.text(name)
        if let wideSize {
            directory.little(UInt16(1))
            directory.little(UInt16(8))
            directory.little(wideSize)
        }
        count += 1
    }

    /// The last fields of an entry whose size stands in a zip64 field of twelve bytes.
    private func wide(_ name: String) -> [UInt8] {
        var fields = ByteWriter()
        fields.little(UInt32.max)
        fields.little(UInt16(name.utf8.count))
        fields.little(UInt16(12))
        return fields.bytes
    }

    /// Lists the file that was added last once more.
    mutating func repeatLast() {
        directory.bytes += directory.bytes[last...]
        count += 1
    }

    mutating func add(_ name: String, _ text: String, isDeflated: Bool = false) {
        add(name, Array(text.utf8), isDeflated: isDeflated)
    }

    /// The archive. `lead` bytes in front of it are not counted in the place of its directory.
    func bytes(comment: String = "", lead: Int = 0) -> [UInt8] {
        var whole = writer
        whole.bytes += directory.bytes
        whole.little(UInt32(0x0605_4b50))
        whole.zeros(4)
        whole.little(count)
        whole.little(count)
        whole.little(UInt32(directory.bytes.count))
        whole.little(UInt32(writer.bytes.count - lead))
        whole.little(UInt16(comment.utf8.count))
        whole.text(comment)
        return whole.bytes
    }
}
