import Foundation
import ImageFixtures
import OCI
import Scanning
import Testing

/// How an image is found in what `docker save` writes, in all of its forms.
@Suite struct ArchiveImageTests {
    /// Two layers of Debian, the upper one twice.
    static func image() throws -> ImageFixture {
        var image = try Sample.image([["a 1"], ["a 1", "b 2"]])
        image.layers.append(image.layers[1])
        return image
    }

    @Test(arguments: SavedFixture.Style.allCases, TarFixture.Format.allCases)
    func everyFormReadsTheSame(style: SavedFixture.Style, format: TarFixture.Format) async throws {
        var saved = SavedFixture(style: style, format: format)
        let image = try ArchiveImageTests.image()
        saved.add(image, tags: ["team/app:1"])
        try await withFile(saved.bytes()) { path async throws in
            let source = try ArchiveImage(path: path, reference: nil)
            let scanned = try await ImageScanner().scan(source)
            #expect(scanned.listing == ["deb a 1 @0", "deb b 2 @1"])
            #expect(scanned.reasons == [nil, nil, nil])
            #expect(scanned.image.name == "team/app:1")
            #expect(scanned.image.layers.map(\.createdBy) == ["layer 0", "layer 1", "layer 1"])
            #expect(scanned.image.configurationDigest == ImageFixture.digest(image.configuration))
            #expect(scanned.image.layers.map(\.digest) == image.layers.map { ImageFixture.digest($0.archive) })
            #expect(try await source.platforms() == [.linuxAMD64])
        }
    }

    @Test func compressedLayersAreReadToo() async throws {
        var saved = SavedFixture(style: .blobs)
        saved.add(try Sample.image([["a 1"], ["b 2"]]), tags: [], compressed: true)
        try await withFile(saved.bytes()) { path async throws in
            let scanned = try await ImageScanner().scan(ArchiveImage(path: path, reference: nil))
            #expect(scanned.listing == ["deb b 2 @1"])
            #expect(scanned.image.name == "docker-archive:\(path)")
        }
    }

    // (what is asked for, whether it is the first)
    @Test(arguments: [
        ("alpine", true), ("alpine:latest", true), ("docker.io/library/alpine:latest", true), ("team/app:1", false),
        ("docker.io/team/app:1", false),
    ])
    func referenceChoosesAmongSeveral(reference: String, isFirst: Bool) async throws {
        var saved = SavedFixture()
        saved.add(try Sample.image([["a 1"]]), tags: ["docker.io/library/alpine:latest"])
        saved.add(try Sample.image([["b 2"]]), tags: ["team/app:1", "team/app:2"])
        try await withFile(saved.bytes()) { path async throws in
            let scanned = try await ImageScanner().scan(ArchiveImage(path: path, reference: reference))
            #expect(scanned.listing == [isFirst ? "deb a 1 @0" : "deb b 2 @0"])
            let several = await scanError { _ = try ArchiveImage(path: path, reference: nil) }
            #expect(several?.message == "\(path) holds 2 images")
            #expect(several?.hint?.contains("team/app:1, team/app:2") == true)
            let missing = await scanError { _ = try ArchiveImage(path: path, reference: "team/app:3") }
            #expect(missing?.message == "\(path) holds no image team/app:3")
        }
    }

    @Test func compressedArchiveIsToldFromADamagedOne() async throws {
        var saved = SavedFixture()
        saved.add(try Sample.image([["a 1"]]), tags: [])
        let bytes = saved.bytes()
        for (packed, tool) in [(try Compressor.gzip(bytes), "gunzip"), (try Compressor.zstd(bytes), "unzstd")] {
            try await withFile(packed) { path async throws in
                let error = await scanError { _ = try ArchiveImage(path: path, reference: nil) }
                #expect(error?.hint == "Unpack it first: \(tool) FILE")
            }
        }
        try await withFile(Array(bytes.dropFirst(100))) { path async throws in
            let error = await scanError { _ = try ArchiveImage(path: path, reference: nil) }
            #expect(error?.message.contains("is no archive of docker save") == true)
        }
    }

    @Test(arguments: SavedFixture.Style.allCases)
    func truncatedArchiveIsNeverReadAsAWholeOne(style: SavedFixture.Style) async throws {
        var saved = SavedFixture(style: style)
        saved.add(try ArchiveImageTests.image(), tags: [])
        let bytes = saved.bytes()
        // The two blocks of zeros at its end may be missing, and what fills the last block: Go's reader takes that, and so does Docker.
        for length in stride(from: 0, to: bytes.count - 1024 - 512, by: 97) {
            try await withFile(Array(bytes[..<length])) { path async throws in
                let error = await scanError {
                    _ = try await ImageScanner().scan(ArchiveImage(path: path, reference: nil))
                }
                #expect(error?.code == .unusableInput, "cut at \(length)")
            }
        }
    }

    @Test func layerThatIsNotWhatItsConfigurationSaysIsAnError() async throws {
        var image = try Sample.image([["a 1"]])
        var saved = SavedFixture()
        let honest = image.configuration
        image.layers[0].archive = try Sample.image([["b 2"]]).layers[0].archive
        saved.add(image, tags: [])
        var bytes = saved.bytes()
        // The configuration of the other layer, under the same name and of the same length.
        let place = try #require(bytes.firstRange(of: image.configuration))
        bytes.replaceSubrange(place, with: honest)
        try await withFile(bytes) { path async throws in
            let error = await scanError {
                _ = try await ImageScanner().scan(ArchiveImage(path: path, reference: nil))
            }
            #expect(error?.code == .contentMismatch)
        }
    }

    // (what stands in manifest.json, what is said of it)
    @Test(arguments: [
        ("[]", "holds no image"), ("{", "is not one of docker save"), ("[{}]", "is not one of docker save"),
        (String(repeating: "[", count: 10_000), "nested too deeply"),
        (#"[{"Config":"missing.json","Layers":[]}]"#, "it has no missing.json"),
        (#"[{"Config":"../../etc/passwd","Layers":[]}]"#, "it has no ../../etc/passwd"),
        (#"[{"Config":"loop/a","Layers":[]}]"#, "it has no loop/a"),
        (#"[{"Config":"folder","Layers":[]}]"#, "it has no folder"),
        (#"[{"Config":"config.json","Layers":["x"]}]"#, "names other layers"),
    ])
    func listsThatLieAreErrors(text: String, words: String) async throws {
        let bytes = TarFixture.archive { tar in
            tar.file("config.json", #"{"rootfs":{"type":"layers","diff_ids":[]}}"#)
            tar.directory("folder")
            tar.symbolicLink("loop/a", to: "b")
            tar.symbolicLink("loop/b", to: "../loop/a")
            tar.file("manifest.json", text)
        }
        try await withFile(bytes) { path async throws in
            let error = await scanError { _ = try await ArchiveImage(path: path, reference: nil).resolve(nil) }
            #expect(error?.code == .unusableInput)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func laterEntryOfANameCounts() async throws {
        let image = try Sample.image([["a 1"]])
        let digest = ImageFixture.digest(image.layers[0].archive)
        let configuration = #"{"rootfs":{"type":"layers","diff_ids":["\#(digest)"]}}"#
        let bytes = TarFixture.archive { tar in
            tar.file("layer.tar", "not this one")
            tar.symbolicLink("layer.tar", to: "real/layer.tar")
            tar.file(Array("real/layer.tar".utf8), image.layers[0].archive)
            tar.file("config.json", configuration)
            tar.file("manifest.json", #"[{"Config":"config.json","RepoTags":null,"Layers":["layer.tar"]}]"#)
        }
        try await withFile(bytes) { path async throws in
            let scanned = try await ImageScanner().scan(ArchiveImage(path: path, reference: nil))
            #expect(scanned.listing == ["deb a 1 @0"])
        }
    }

    @Test(arguments: TarFixture.SparseFormat.allCases)
    func sparseEntryIsRefused(format: TarFixture.SparseFormat) async throws {
        let bytes = TarFixture.archive { tar in
            tar.sparseFile("layer.tar", size: 4096, pieces: [.init(offset: 512, bytes: [1, 2])], format: format)
            tar.file("manifest.json", "[]")
        }
        try await withFile(bytes) { path async throws in
            let error = await scanError { _ = try ArchiveImage(path: path, reference: nil) }
            #expect(error?.message.contains("layer.tar is a sparse file") == true)
        }
    }

    @Test func foldersAndPipesAreNoArchives() async throws {
        try await Tool.withDirectory { directory async throws in
            let error = await scanError { _ = try ArchiveImage(path: directory, reference: nil) }
            #expect(error?.message == "\(directory) is no regular file")
            let missing = await scanError { _ = try ArchiveImage(path: directory + "/x", reference: nil) }
            #expect(missing?.message == "\(directory)/x cannot be read: No such file or directory")
        }
    }
}
