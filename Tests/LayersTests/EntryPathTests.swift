import ImageFixtures
import Layers
import Testing

/// Names as hostile and careless writers have them.
@Suite struct EntryPathTests {
    private func path(of name: [UInt8]) throws -> (path: String?, counts: LayerCounts) {
        let layer = try read(TarFixture.archive { $0.file(name, []) })
        #expect(layer.completeness == .complete)
        return (layer.kept.first?.entry.path, layer.counts)
    }

    @Test(arguments: [
        ("a/b", "a/b"), ("./a/b", "a/b"), ("/a/b", "a/b"), ("//a///b/", "a/b"), ("a/./b", "a/b"), ("././a", "a"),
        ("a/x/../b", "a/b"), ("a/..b", "a/..b"), ("a/b..", "a/b.."), ("...", "..."), ("a/.../b", "a/.../b"), (" ", " "),
        ("a\\b", "a\\b"), ("a\nb", "a\nb"), ("-rf", "-rf"), ("ä/ö", "ä/ö"), (".whiteout", ".whiteout"),
        ("a.wh.b", "a.wh.b"),
    ])
    func namesAreCleaned(name: String, expected: String) throws {
        let found = try path(of: Array(name.utf8))
        #expect(found.path == expected)
        #expect(found.counts.clampedPaths == 0)
        #expect(found.counts.repairedPaths == 0)
    }

    @Test(arguments: [
        ("../a", "a"), ("/../../a", "a"), ("a/../../b", "b"), ("../../../../etc/passwd", "etc/passwd"),
        ("a/b/../../../../c/..//d", "d"),
    ])
    func namesThatLeaveTheRootAreCutOffThere(name: String, expected: String) throws {
        let found = try path(of: Array(name.utf8))
        #expect(found.path == expected)
        #expect(found.counts.clampedPaths == 1)
    }

    @Test(arguments: ["", ".", "/", "..", "./", "a/..", "../.."])
    func fileInPlaceOfTheRootIsIgnored(name: String) throws {
        let found = try path(of: Array(name.utf8))
        #expect(found.path == nil)
        #expect(found.counts.ignoredEntries == 1)
    }

    // Not UTF-8: Latin-1, cut, overlong, a surrogate.
    @Test(
        arguments: [
            ([0x61, 0xe4], "a\u{fffd}"), ([0xe2, 0x82], "\u{fffd}"), ([0xc0, 0xaf], "\u{fffd}\u{fffd}"),
            ([0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"), ([0x61, 0x2f, 0xff, 0x2f, 0x62], "a/\u{fffd}/b"),
        ] as [([UInt8], String)]
    )
    func namesThatAreNotUTF8AreRepairedAndCounted(name: [UInt8], expected: String) throws {
        let found = try path(of: name)
        #expect(found.path == expected)
        #expect(found.counts.repairedPaths == 1)
    }

    @Test func zeroByteInAPAXPathIsRepaired() throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.pax([("path", [0x61, 0, 0x62])])
                tar.file("x", "1")
            }
        )
        #expect(layer.texts == ["a\u{fffd}b: 1"])
        #expect(layer.counts.repairedPaths == 1)
    }

    // Source: layer.md, "Whiteouts": an opaque marker, a whiteout of a marker, of nothing, of dots; notes of aufs.
    @Test func whiteoutNamesAreToldApart() throws {
        let layer = try read(
            TarFixture.archive { tar in
                for name in [
                    "a/.wh.b", ".wh.c", "d/.wh.e.wh.f", "g/.wh..wh..opq", ".wh..wh..opq", "h/.wh..wh.i", "h/.wh.",
                    "h/.wh..",
                    "h/.wh...", ".wh..wh.plnk/123.456", ".wh..wh.aufs", "../.wh.j", "k/.wh./l", "m/.wh..n",
                ] { tar.file(name, "x") }
                tar.directory("o/.wh.p")
            }
        )
        #expect(layer.whiteouts == ["a/b", "c", "d/e.wh.f", "j", "m/.n", "o/p"])
        #expect(layer.opaqueDirectories == ["g", ""])
        #expect(layer.texts == ["k/.wh./l: x"])
        #expect(layer.counts.ignoredEntries == 6)
    }
}
