import ImageFixtures
import Layers
import Testing

@Suite struct TarReaderTests {
    /// Path and content of the entries of an archive, fed in pieces.
    private func entries(_ archive: [UInt8], chunk: Int = 4096) -> [String] {
        var reader = TarReader()
        var found: [String] = []
        var content = ""
        archive.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: chunk) {
                var rest = UnsafeRawBufferPointer(rebasing: all[start..<min(start + chunk, all.count)])
                events: while true {
                    switch reader.next(&rest) {
                    case .needsInput, .end: break events
                    case .entry: content = ""
                    case .content(let bytes): content += String(decoding: bytes, as: UTF8.self)
                    case .endOfEntry:
                        found.append(
                            "\(reader.entry.kind) \(reader.path): \(content)\(String(decoding: reader.linkName, as: UTF8.self))"
                        )
                    case .unreadableContent(let reason): found.append("\(reader.path) unreadable: \(reason)")
                    case .failed(let failure): found.append("\(failure)")
                    }
                }
            }
        }
        if let place = reader.openPlace { found.append("cut inside \(place)") }
        return found
    }

    @Test(arguments: TarFixture.Format.allCases)
    func everyFormatIsRead(format: TarFixture.Format) {
        let archive = TarFixture.archive(format) { tar in
            tar.directory("a")
            tar.file("a/b", "text")
            tar.symbolicLink("a/c", to: "../a/b")
            tar.hardLink("a/d", to: "a/b")
            tar.file("a/e")
        }
        #expect(
            entries(archive) == [
                "directory a: ", "file a/b: text", "symbolicLink a/c: ../a/b", "hardLink a/d: a/b", "file a/e: ",
            ]
        )
    }

    @Test(arguments: [TarFixture.Format.pax, .gnu], [100, 101, 255, 256, 1000, 4000])
    func longNamesAreRead(format: TarFixture.Format, length: Int) {
        let name = String((0..<length).map { $0 % 50 == 49 ? "/" : Character(String($0 % 10)) }).dropLast() + "x"
        let archive = TarFixture.archive(format) { tar in
            tar.file(String(name), "1")
            tar.symbolicLink("short", to: String(name))
            tar.hardLink(String(name) + "2", to: String(name))
            tar.file("after", "2")
        }
        let expected = [
            "file \(name): 1", "symbolicLink short: \(name)", "hardLink \(name)2: \(name)", "file after: 2",
        ]
        for chunk in [1, 100, 1 << 20] { #expect(entries(archive, chunk: chunk) == expected) }
    }

    @Test func ustarPrefixIsReadAndGNUHasNone() {
        for (format, path) in [(TarFixture.Format.ustar, "a/long/prefix/name"), (.gnu, "name"), (.v7, "name")] {
            var tar = TarFixture()
            tar.format = format
            tar.header(
                name: Array("name".utf8),
                type: "0",
                size: tar.octal(0, width: 12),
                prefix: Array("a/long/prefix".utf8)
            )
            #expect(entries(tar.bytes) == ["file \(path): "])
        }
    }

    // GNU before PAX, PAX before the header, and each for one entry only, as Go has it.
    @Test func extendedHeadersHoldForOneEntry() {
        let archive = TarFixture.archive { tar in
            tar.pax([("path", "one"), ("size", "3"), ("mtime", "1.5"), ("SCHILY.xattr.user.x", "a=b\n")])
            tar.header(name: Array("zero".utf8), type: "0", size: tar.octal(0, width: 12))
            tar.append(Array("abc".utf8))
            tar.file("two", "2")
            tar.longName(Array("three".utf8), type: "L")
            tar.pax([("path", "lost")])
            tar.file("x", "3")
            tar.pax([("path", "lost")])
            tar.pax([("comment", "replaces the one before")])
            tar.file("four", "4")
            tar.pax([("path", "")])
            tar.file("five", "5")
        }
        #expect(entries(archive) == ["file one: abc", "file two: 2", "file three: 3", "file four: 4", "file five: 5"])
    }

    // No container engine applies them: `git archive` writes a comment there.
    @Test func globalHeadersAreReadAndNotApplied() {
        let archive = TarFixture.archive { tar in
            tar.pax([("comment", "0123abcd"), ("path", "everywhere"), ("size", "9")], type: "g")
            tar.file("a", "1")
        }
        #expect(entries(archive) == ["file a: 1"])
        #expect(entries(TarFixture.archive { $0.pax(body: [1, 2, 3], type: "g") }) == [damaged("a PAX header")])
    }

    // Blanks before and after, base 256, nothing at all.
    @Test(
        arguments: [
            (Array("00000000003\0".utf8), "abc"), (Array("          3 ".utf8), "abc"),
            (Array("3\0\0\0\0\0\0\0\0\0\0\0".utf8), "abc"),
            (TarFixture.base256(3), "abc"), ([UInt8](repeating: 0, count: 12), ""),
        ] as [([UInt8], String)]
    )
    func sizesAreReadInEveryForm(size: [UInt8], content: String) {
        var tar = TarFixture()
        tar.header(name: [0x61], type: "0", size: size)
        if !content.isEmpty { tar.append(Array(content.utf8)) }
        #expect(entries(tar.bytes) == ["file a: \(content)"])
    }

    // No digits, negative, beyond 63 bits in both forms.
    @Test(arguments: [
        Array("0000000000x\0".utf8), Array("-1\0\0\0\0\0\0\0\0\0\0".utf8), Array("8\0\0\0\0\0\0\0\0\0\0\0".utf8),
        [UInt8](repeating: 0xff, count: 12), TarFixture.base256(1 << 63), TarFixture.base256(.max),
        [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ])
    func sizeThatIsNoneIsDamage(size: [UInt8]) {
        var tar = TarFixture()
        tar.header(name: [0x61], type: "0", size: size)
        #expect(entries(tar.bytes) == [damaged("a header's size is no number")])
    }

    @Test func largestSizeIsNoTrap() {
        for edit in [TarFixture.base256(UInt64(Int64.max)), TarFixture.base256(UInt64(Int64.max) - 511)] {
            var tar = TarFixture()
            tar.header(name: [0x61], type: "0", size: edit)
            tar.raw([UInt8](repeating: 1, count: 1000))
            #expect(entries(tar.bytes) == ["cut inside a file"])
            var reader = TarReader()
            tar.bytes.withUnsafeBytes { all in
                var rest = all
                _ = reader.next(&rest)
                reader.skip()
                _ = reader.next(&rest)
            }
            #expect(reader.openPlace == "a file")
        }
    }

    // Wrong length, no equals sign, no newline, a number that is none.
    @Test(arguments: [
        "6 a=\n", "4 a=\n", "99 path=a\n", "8 path=a", "9 path:a\n", "0 \n", "x path=a\n", "12 size=12x\n",
        "13 size=-001\n",
        "28 GNU.sparse.realsize=big!\n", "99999999999999999999 path=a\n",
    ])
    func damagedRecordsAreDamage(record: String) {
        let archive = TarFixture.archive { tar in
            tar.pax(body: Array(record.utf8))
            tar.file("a")
        }
        #expect(entries(archive) == [damaged("a PAX header")])
    }

    @Test func typesWithoutContentHaveNone() {
        let archive = TarFixture.archive { tar in
            for type in "123456" { tar.entry([UInt8](String(type).utf8), type: type, size: 700) }
            // A type that nobody knows has content, which is passed over.
            tar.entry(Array("V".utf8), type: "V", size: 5)
            tar.append(Array("label".utf8))
            tar.file("after")
        }
        #expect(
            entries(archive) == [
                "hardLink 1: ", "symbolicLink 2: ", "other 3: ", "other 4: ", "directory 5: ", "other 6: ",
                "other V: label",
                "file after: ",
            ]
        )
    }

    @Test func signedChecksumsAreAccepted() {
        var tar = TarFixture()
        tar.file("\u{e4}\u{f6}", "1")
        var block = Array(tar.bytes[..<512])
        let unsigned = (0..<512).reduce(0) { $0 + ((148..<156).contains($1) ? 0x20 : Int(block[$1])) }
        let signed = (0..<512).reduce(0) { $0 + ((148..<156).contains($1) ? 0x20 : Int(Int8(bitPattern: block[$1]))) }
        #expect(signed != unsigned)
        block.replaceSubrange(148..<155, with: tar.octal(signed, width: 7))
        #expect(entries(block + tar.bytes[512...]) == ["file äö: 1"])
        block[0] ^= 1
        #expect(entries(block) == [damaged("a header's checksum is wrong")])
    }

    // With the two blocks, with one, with none; then padding, which is anything.
    @Test func archiveEndsInEveryWayThatGoAccepts() {
        var tar = TarFixture()
        tar.file("a", "1")
        let zeros = [UInt8](repeating: 0, count: 512)
        for ending in [[], zeros, zeros + zeros, zeros + zeros + [UInt8](repeating: 1, count: 3000)] {
            #expect(entries(tar.bytes + ending) == ["file a: 1"])
        }
        #expect(entries(Array(tar.bytes[..<513])) == ["file a: 1"])
        #expect(entries(tar.bytes + zeros + tar.bytes) == ["file a: 1", damaged("something follows a block of zeros")])
    }

    @Test func skippedContentIsNotSeen() {
        let archive = TarFixture.archive { tar in
            tar.file("a", String(repeating: "a", count: 5000))
            tar.sparseFile("b", size: 90_000, pieces: [.init(offset: 5, bytes: [1])], format: .pax10)
            tar.file("c", "1")
        }
        var reader = TarReader()
        var names: [String] = []
        archive.withUnsafeBytes { all in
            var rest = all
            while case .entry = reader.next(&rest) {
                names.append(reader.path)
                reader.skip()
            }
        }
        #expect(names == ["a", "b", "c"])
    }

    private func damaged(_ reason: String) -> String { LayerIncompleteness.damagedArchive(reason).description }
}
