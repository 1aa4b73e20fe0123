/// Writes tar archives in code, byte by byte, right ones and wrong ones.
package struct TarFixture {
    package enum Format: CaseIterable { case v7, ustar, pax, gnu }

    package private(set) var bytes: [UInt8] = []
    package var format = Format.ustar

    package init() {}

    /// An archive of what `body` adds, with its two blocks of zeros.
    package static func archive(_ format: Format = .ustar, _ body: (inout TarFixture) -> Void) -> [UInt8] {
        var fixture = TarFixture()
        fixture.format = format
        body(&fixture)
        fixture.end()
        return fixture.bytes
    }

    package mutating func file(_ path: String, _ content: String = "", mode: Int = 0o644) {
        file(Array(path.utf8), Array(content.utf8), mode: mode)
    }

    package mutating func file(_ path: [UInt8], _ content: [UInt8], mode: Int = 0o644) {
        entry(path, type: "0", size: content.count, mode: mode)
        append(content)
    }

    package mutating func directory(_ path: String) { entry(Array((path + "/").utf8), type: "5", mode: 0o755) }

    package mutating func symbolicLink(_ path: String, to target: String) {
        entry(Array(path.utf8), type: "2", link: Array(target.utf8), mode: 0o777)
    }

    package mutating func hardLink(_ path: String, to target: String) {
        entry(Array(path.utf8), type: "1", link: Array(target.utf8))
    }

    package mutating func whiteout(_ path: String) {
        let parts = path.split(separator: "/")
        file((parts.dropLast() + [".wh.\(parts.last ?? "")"]).joined(separator: "/"))
    }

    package mutating func opaque(_ directory: String) {
        file(directory.isEmpty ? ".wh..wh..opq" : "\(directory)/.wh..wh..opq")
    }

    /// An entry, with the extended header that its names need in ``format``.
    package mutating func entry(_ name: [UInt8], type: Character, size: Int = 0, link: [UInt8] = [], mode: Int = 0o644)
    {
        if name.count > 100 || link.count > 100 {
            switch format {
            case .gnu:
                if name.count > 100 { longName(name, type: "L") }
                if link.count > 100 { longName(link, type: "K") }
            case .pax, .ustar, .v7:
                var records: [(String, [UInt8])] = []
                if name.count > 100 { records.append(("path", name)) }
                if link.count > 100 { records.append(("linkpath", link)) }
                pax(records)
            }
        }
        header(name: name, type: type, size: octal(size, width: 12), link: link, mode: mode)
    }

    /// A header block as it is told, the checksum right.
    package mutating func header(
        name: [UInt8],
        type: Character,
        size: [UInt8],
        link: [UInt8] = [],
        mode: Int = 0o644,
        prefix: [UInt8] = [],
        edit: (inout [UInt8]) -> Void = { _ in }
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ field: some Collection<UInt8>, at start: Int, width: Int) {
            for (index, byte) in field.prefix(width).enumerated() { block[start + index] = byte }
        }
        put(name, at: 0, width: 100)
        put(octal(mode, width: 8), at: 100, width: 8)
        put(octal(0, width: 8), at: 108, width: 8)
        put(octal(0, width: 8), at: 116, width: 8)
        put(size, at: 124, width: 12)
        put(octal(0, width: 12), at: 136, width: 12)
        block[156] = format == .v7 && (type == "0" || type == "5") ? 0 : type.asciiValue ?? 0
        put(link, at: 157, width: 100)
        switch format {
        case .v7: break
        case .ustar, .pax: put("ustar\u{0}00".utf8, at: 257, width: 8)
        case .gnu: put("ustar  \u{0}".utf8, at: 257, width: 8)
        }
        put(prefix, at: 345, width: 155)
        edit(&block)
        for index in 148..<156 { block[index] = 0x20 }
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, width: 7) + [0x20], at: 148, width: 8)
        bytes += block
    }

    package mutating func pax(_ records: [(String, [UInt8])], type: Character = "x") {
        pax(body: records.flatMap { TarFixture.record($0.0, $0.1) }, type: type)
    }

    package mutating func pax(_ records: [(String, String)], type: Character = "x") {
        pax(records.map { ($0.0, Array($0.1.utf8)) }, type: type)
    }

    package mutating func pax(body: [UInt8], type: Character = "x") {
        header(name: Array("PaxHeaders/entry".utf8), type: type, size: octal(body.count, width: 12))
        append(body)
    }

    package mutating func longName(_ name: [UInt8], type: Character) {
        header(name: Array("././@LongLink".utf8), type: type, size: octal(name.count + 1, width: 12))
        append(name + [0])
    }

    /// Content, filled up to a whole block.
    package mutating func append(_ content: [UInt8]) {
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    package mutating func raw(_ raw: [UInt8]) { bytes += raw }

    package mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

    /// `length key=value\n`, the length counting itself.
    package static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [0x0a]
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array(String(length).utf8) + rest
    }

    /// Octal digits and a zero byte.
    package func octal(_ number: Int, width: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return Array((String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits).utf8) + [0]
    }

    /// GNU's base 256: the first bit set, then big-endian.
    package static func base256(_ number: UInt64, width: Int = 12) -> [UInt8] {
        var field = [UInt8](repeating: 0, count: width)
        for index in 0..<8 { field[width - 1 - index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))) }
        field[0] |= 0x80
        return field
    }
}
