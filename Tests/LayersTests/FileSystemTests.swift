import ImageFixtures
import Layers
import Testing

@Suite struct FileSystemTests {
    @Test func upperFileReplacesTheLower() throws {
        let system = try FileSystem(
            {
                $0.file("a/one", "1"); $0.file("a/two", "2"); $0.file("b", "3")
            },
            { $0.file("a/one", "11") }
        )
        #expect(system.listing == ["a/one = 11 @ 1", "a/two = 2 @ 0", "b = 3 @ 0"])
        #expect(system.file(at: "/a/./../a/one")?.kept.text == "11")
        #expect(system.file(at: "a") == nil)
        #expect(system.file(at: "a/three") == nil)
        #expect(system.completeness == .complete)
    }

    @Test func filesComeInOrderOfTheirBytes() throws {
        let system = try FileSystem({ tar in
            for name in ["b", "a/z", "a-b", "a", "ä", "A", "c/d/e", "c.d"] where name != "a" { tar.file(name) }
        })
        #expect(system.files().map(\.path) == ["A", "a-b", "a/z", "b", "c.d", "c/d/e", "ä"])
        #expect(system.files(below: "c").map(\.path) == ["c/d/e"])
        #expect(system.files(below: "").count == 7)
        #expect(system.files(below: "nothing").isEmpty)
    }

    @Test func whiteoutHidesAFileOrATree() throws {
        let system = try FileSystem(
            {
                $0.file("a/one", "1"); $0.file("a/two/three", "2"); $0.file("a/four", "3")
            },
            {
                $0.whiteout("a/one"); $0.whiteout("a/two"); $0.whiteout("nothing/at/all")
            }
        )
        #expect(system.listing == ["a/four = 3 @ 0"])
    }

    // Source: layer.md, "Whiteouts": they hide lower layers only, in whatever order the entries come.
    @Test(arguments: [true, false])
    func whiteoutDoesNotHideItsOwnLayer(comesFirst: Bool) throws {
        let system = try FileSystem(
            {
                $0.file("a/one", "1"); $0.file("a/two", "2")
            },
            { tar in
                if comesFirst { tar.whiteout("a") }
                tar.file("a/one", "new")
                if !comesFirst { tar.whiteout("a") }
            }
        )
        #expect(system.listing == ["a/one = new @ 1"])
    }

    @Test(arguments: [true, false])
    func opaqueDirectoryHidesLowerLayersOnly(comesFirst: Bool) throws {
        let system = try FileSystem(
            {
                $0.file("a/b/one", "1"); $0.file("a/b/c/two", "2"); $0.file("a/three", "3")
            },
            { tar in
                if comesFirst { tar.opaque("a/b") }
                tar.file("a/b/c/four", "4")
                if !comesFirst { tar.opaque("a/b") }
            },
            { $0.file("a/b/five", "5") }
        )
        #expect(system.listing == ["a/b/c/four = 4 @ 1", "a/b/five = 5 @ 2", "a/three = 3 @ 0"])
    }

    @Test func opaqueRootHidesEverything() throws {
        let system = try FileSystem(
            {
                $0.file("a", "1"); $0.file("b/c", "2")
            },
            {
                $0.opaque(""); $0.file("d", "3")
            }
        )
        #expect(system.listing == ["d = 3 @ 1"])
    }

    // The upper entry is of no interest to anyone and hides all the same.
    @Test(arguments: ["file", "link", "device", "hard link"])
    func entryThatIsNoDirectoryReplacesADirectory(kind: String) throws {
        let system = try FileSystem(
            {
                $0.file("a/keep/one", "1"); $0.file("keep", "2")
            },
            { tar in
                switch kind {
                case "file": tar.file("a", "x")
                case "link": tar.symbolicLink("a", to: "nowhere")
                case "device": tar.entry(Array("a".utf8), type: "3")
                default: tar.hardLink("a", to: "b")
                }
            },
            selector: NamedFiles(prefix: "keep")
        )
        #expect(system.files().map(\.path) == ["keep"])
    }

    @Test func directoryKeepsADirectoryAndReplacesAFile() throws {
        let system = try FileSystem(
            {
                $0.file("a/one", "1"); $0.file("b", "2"); $0.symbolicLink("c", to: "a")
            },
            {
                $0.directory("a"); $0.directory("b"); $0.directory("c")
            }
        )
        #expect(system.listing == ["a/one = 1 @ 0"])
        #expect(system.file(at: "c/one") == nil)
    }

    @Test func fileBelowWhatWasAFileMakesItADirectory() throws {
        let system = try FileSystem({ $0.file("a", "1") }, { $0.file("a/b", "2") })
        #expect(system.listing == ["a/b = 2 @ 1"])
    }

    @Test func lastEntryOfAPathCounts() throws {
        let system = try FileSystem({
            $0.file("a", "1"); $0.file("a", "2"); $0.file("b", "3"); $0.symbolicLink("b", to: "a")
        })
        #expect(system.listing == ["a = 2 @ 0"])
        #expect(system.file(at: "b")?.kept.text == "2")
    }

    // MARK: Symbolic links

    // Relative, absolute, through directories, to links, above the root.
    @Test(arguments: [
        ("../usr/lib/os-release", "etc/os-release"), ("/usr/lib/os-release", "etc/os-release"),
        ("../../../../usr/lib/os-release", "etc/os-release"), ("/lib/os-release", "etc/os-release"),
        ("/missing/../usr/lib/os-release", "etc/os-release"), ("../etc/alias", "etc/os-release"),
    ])
    func linksAreFollowed(target: String, path: String) throws {
        let system = try FileSystem({ tar in
            tar.file("usr/lib/os-release", "ID=x")
            tar.symbolicLink("lib", to: "usr/lib")
            tar.symbolicLink("etc/alias", to: "../lib/./os-release")
            tar.symbolicLink(path, to: target)
        })
        #expect(system.file(at: path)?.path == "usr/lib/os-release")
        #expect(system.listing == ["usr/lib/os-release = ID=x @ 0"])
    }

    @Test func upperEntryGoesThroughALowerLink() throws {
        let system = try FileSystem(
            {
                $0.symbolicLink("lib", to: "usr/lib"); $0.file("usr/lib/old", "1"); $0.file("usr/lib/gone", "2")
            },
            {
                $0.file("lib/new", "3"); $0.file("lib/old", "4"); $0.whiteout("lib/gone")
            }
        )
        #expect(system.listing == ["usr/lib/new = 3 @ 1", "usr/lib/old = 4 @ 1"])
        #expect(system.files(below: "lib").count == 2)
    }

    @Test func replacedLinkLeadsNowhere() throws {
        let system = try FileSystem(
            {
                $0.symbolicLink("lib", to: "usr/lib"); $0.file("usr/lib/one", "1")
            },
            {
                $0.directory("lib"); $0.file("lib/two", "2")
            },
            { $0.whiteout("lib") }
        )
        #expect(system.listing == ["usr/lib/one = 1 @ 0"])
        #expect(system.file(at: "lib/one") == nil)
    }

    @Test func loopsOfLinksEnd() throws {
        let system = try FileSystem(
            {
                $0.symbolicLink("a", to: "b"); $0.symbolicLink("b", to: "a"); $0.symbolicLink("c", to: "c/c")
            },
            {
                $0.file("a/x", "1"); $0.file("d", "2")
            }
        )
        #expect(system.file(at: "a") == nil)
        #expect(system.file(at: "c/c/c") == nil)
        #expect(system.listing == ["d = 2 @ 1"])
        #expect(system.completeness == .incomplete(.damagedArchive("a path through a loop of symbolic links")))
    }

    // As Linux: forty links are followed, the next is one too many.
    @Test(arguments: [(40, true), (41, false)])
    func chainOfLinksHasALimit(length: Int, isFound: Bool) throws {
        let system = try FileSystem({ tar in
            tar.file("0", "end")
            for number in 1...41 { tar.symbolicLink("\(number)", to: "\(number - 1)") }
        })
        #expect((system.file(at: "\(length)") != nil) == isFound)
    }

    // MARK: Hard links

    @Test func hardLinkHasTheContentOfItsTarget() throws {
        let system = try FileSystem(
            {
                $0.file("a", "1"); $0.hardLink("b", to: "a"); $0.hardLink("c", to: "/./b")
            },
            { $0.whiteout("a") }
        )
        #expect(system.listing == ["b = 1 @ 0", "c = 1 @ 0"])
    }

    @Test func hardLinkReachesALowerLayer() throws {
        let system = try FileSystem(
            {
                $0.file("x/a", "1"); $0.symbolicLink("y", to: "x")
            },
            {
                $0.hardLink("b", to: "x/a"); $0.hardLink("c", to: "y/a"); $0.hardLink("d", to: "nowhere")
            }
        )
        #expect(
            system.listing == [
                "b = 1 @ 1", "c = 1 @ 1", "d = unreadable, a hard link to a file whose bytes were not kept @ 1",
                "x/a = 1 @ 0",
            ]
        )
    }

    @Test func hardLinkToItselfKeepsTheFile() throws {
        let system = try FileSystem({ $0.file("a", "1") }, { $0.hardLink("a", to: "a") })
        #expect(system.listing == ["a = 1 @ 0"])
    }

    @Test func hardLinkToADismissedFileIsDismissed() throws {
        let layers = try [
            read(
                TarFixture.archive {
                    $0.file("dull", "-"); $0.hardLink("same", to: "dull")
                },
                selector: CountedFiles()
            ),
            read(TarFixture.archive { $0.hardLink("upper", to: "dull") }, selector: CountedFiles()),
        ]
        #expect(FileSystem(layers: layers).files().isEmpty)
    }

    // The name that is wanted came second, and the bytes had gone by.
    @Test func wantedNameOfAnUnwantedFileIsUnreadable() throws {
        let system = try FileSystem(
            {
                $0.file("other", "1"); $0.hardLink("keep", to: "other")
            },
            selector: NamedFiles(prefix: "keep")
        )
        #expect(system.listing == ["keep = unreadable, a hard link to a file whose bytes were not kept @ 0"])
    }

    // MARK: Layers

    @Test func sameLayerTwiceAndEmptyAndForeignOnes() throws {
        let layer = try read(TarFixture.archive { $0.file("a", "1") })
        let empty = try read(TarFixture.archive { _ in })
        let remover = try read(TarFixture.archive { $0.whiteout("a") })
        let system = FileSystem(layers: [layer, .notRead("foreign"), empty, remover, layer, empty])
        #expect(system.listing == ["a = 1 @ 4"])
        #expect(system.layerCount == 6)
    }

    @Test(arguments: [(LayerLimit.mergeSteps, 40), (.treeNodes, 40)])
    func mergeHasLimits(limit: LayerLimit, value: Int) throws {
        var limits = LayerLimits()
        if limit == .mergeSteps { limits.mergeSteps = value } else { limits.treeNodes = value }
        let layer = try read(TarFixture.archive { tar in for number in 0..<100 { tar.file("a/\(number)/b", "x") } })
        let system = FileSystem(layers: [layer], limits: limits)
        #expect(system.completeness == .incomplete(.limit(limit)))
        #expect(system.files().count < 100)
        #expect(FileSystem(layers: [layer]).files().count == 100)
    }
}
