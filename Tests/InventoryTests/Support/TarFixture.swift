import Inventory
import Layers

/// A layer's archive made in code. Source: POSIX.1-1988, ustar.
struct TarFixture {
    private var writer = ByteWriter()

    mutating func add(_ path: String, _ text: String) { add(path, Array(text.utf8), type: "0", target: "") }

    mutating func addSymbolicLink(_ path: String, to target: String) { add(path, [], type: "2", target: target) }

    private mutating func add(_ path: String, _ bytes: [UInt8], type: Unicode.Scalar, target: String) {
        var header = ByteWriter()
        header.text(path)
        header.pad(to: 100)
        header.text("0000644\0" + "0000000\0" + "0000000\0")
        header.text(TarFixture.octal(bytes.count, 11) + " " + "00000000000 ")
        header.text("        ")
        header.bytes.append(UInt8(ascii: type))
        header.text(target)
        header.pad(to: 257)
        header.text("ustar\u{0}00")
        header.pad(to: 512)
        let sum = header.bytes.reduce(0) { $0 + Int($1) }
        header.bytes.replaceSubrange(148..<156, with: Array((TarFixture.octal(sum, 6) + "\0 ").utf8))
        writer.bytes += header.bytes + bytes
        writer.align(512)
    }

    /// What the walk finds in it.
    func contents() throws -> LayerContents {
        var whole = writer
        whole.zeros(1024)
        return try LayerContents.reading(whole.bytes, with: Catalog())
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension LayerContents {
    /// Reads `bytes` as the blob of a layer.
    static func reading(_ bytes: [UInt8], with selector: some FileSelector) throws -> LayerContents {
        let expectation = LayerExpectation(digest: nil, sizeInBytes: Int64(bytes.count))
        var reader = LayerReader(expecting: expectation, selector: selector)
        for start in stride(from: 0, to: bytes.count, by: 65536) {
            _ = bytes[start..<min(start + 65536, bytes.count)].withUnsafeBytes { reader.write($0) }
        }
        return try reader.finish()
    }
}
