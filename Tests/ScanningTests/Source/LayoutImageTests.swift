import Foundation
import ImageFixtures
import OCI
import Scanning
import Testing

/// How an image is found in an OCI layout, and what is told when it is not.
@Suite struct LayoutImageTests {
    static let arm = Platform(os: "linux", architecture: "arm64", variant: "v8")

    @Test func onlyImageNeedsNoTag() async throws {
        try await withLayout(try Sample.image([["a 1"]])) { directory async throws in
            let image = try await LayoutImage(directory: directory, tag: nil).resolve(nil)
            #expect(image.name == "oci:\(directory)")
            #expect(image.layers.map(\.createdBy) == ["layer 0"])
            #expect(image.indexDigest == nil)
        }
    }

    @Test func tagChoosesAmongSeveral() async throws {
        var layout = LayoutFixture()
        layout.add(try Sample.image([["a 1"]]), tag: "one")
        layout.add(try Sample.image([["b 2"]]), tag: "registry.example.com/team/app:two")
        try await withLayout(layout) { directory async throws in
            for (tag, package) in [("one", "deb a 1 @0"), ("two", "deb b 2 @0")] {
                let scanned = try await ImageScanner().scan(LayoutImage(directory: directory, tag: tag))
                #expect(scanned.listing == [package])
            }
            let several = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(several?.message == "oci:\(directory) stands for 2 images")
            #expect(several?.hint?.contains("It has one, registry.example.com/team/app:two") == true)
            let missing = await scanError { _ = try await LayoutImage(directory: directory, tag: "x").resolve(nil) }
            #expect(missing?.message == "\(directory) holds no image with the tag x")
        }
    }

    @Test func emptyListAndMissingListAreErrors() async throws {
        try await withLayout(LayoutFixture()) { directory async throws in
            let empty = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(empty?.message == "oci:\(directory) stands for 0 images")
            try FileManager.default.removeItem(atPath: directory + "/index.json")
            let missing = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(missing?.message.contains("index.json cannot be read: No such file") == true)
        }
    }

    // Levels of indexes above the two images.
    @Test(arguments: [1, 2, 4])
    func platformIsChosenThroughIndexes(levels: Int) async throws {
        var layout = LayoutFixture()
        let images = [try Sample.image([["a 1"]]), try Sample.image([["a 2"]], platform: LayoutImageTests.arm)]
        layout.add(indexOf: images, tag: "latest", levels: levels)
        try await withLayout(layout) { directory async throws in
            let source = LayoutImage(directory: directory, tag: "latest")
            let image = try await source.resolve(nil)
            #expect(image.digest == images[0].digest)
            #expect(image.indexDigest == layout.entries[0].digest)
            if levels == 1 {
                #expect(try await source.platforms() == [.linuxAMD64, LayoutImageTests.arm])
                #expect(try await source.resolve(LayoutImageTests.arm).digest == images[1].digest)
                let error = await scanError {
                    _ = try await source.resolve(Platform(os: "windows", architecture: "amd64"))
                }
                #expect(error?.code == .platformNotFound)
                #expect(error?.hint == "It has linux/amd64, linux/arm64/v8")
            }
        }
    }

    @Test func indexesThatNeverEndAreAnError() async throws {
        var layout = LayoutFixture()
        layout.add(indexOf: [try Sample.image([["a 1"]])], levels: 7)
        try await withLayout(layout) { directory async throws in
            let error = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(error?.message.contains("nested too deeply") == true)
        }
    }

    @Test func imagesThatDifferInPlatformOnlyAreOne() async throws {
        var layout = LayoutFixture()
        let images = [try Sample.image([["a 1"]]), try Sample.image([["a 2"]], platform: LayoutImageTests.arm)]
        for image in images { layout.add(image, tag: "latest", platform: image.platform) }
        try await withLayout(layout) { directory async throws in
            let source = LayoutImage(directory: directory, tag: nil)
            #expect(try await source.platforms().count == 2)
            #expect(try await source.resolve(LayoutImageTests.arm).digest == images[1].digest)
            #expect(try await source.resolve(nil).digest == images[0].digest)
        }
    }

    @Test func imageWithoutChoiceIsReadForWhatItIs() async throws {
        try await withLayout(try Sample.image([["a 1"]], platform: LayoutImageTests.arm)) { directory async throws in
            let source = LayoutImage(directory: directory, tag: nil)
            #expect(try await source.resolve(nil).platform == LayoutImageTests.arm)
            #expect(try await source.platforms() == [LayoutImageTests.arm])
            let error = await scanError { _ = try await source.resolve(.linuxAMD64) }
            #expect(error?.code == .platformNotFound)
            #expect(error?.hint == "It has linux/arm64/v8")
        }
    }

    @Test func documentsThatAreNotWhatTheirDigestSaysAreErrors() async throws {
        let image = try Sample.image([["a 1"]])
        for digest in [image.digest, ImageFixture.digest(image.configuration)] {
            var layout = LayoutFixture()
            layout.add(image)
            layout.blobs[digest]?[10] ^= 1
            try await withLayout(layout) { directory async throws in
                let error = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
                #expect(error?.code == .contentMismatch)
            }
        }
    }

    @Test func documentsOfAnotherSizeThanToldAreErrors() async throws {
        var layout = LayoutFixture()
        layout.add(try Sample.image([["a 1"]]))
        layout.entries[0].size += 1
        try await withLayout(layout) { directory async throws in
            let error = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(error?.code == .contentMismatch)
        }
    }

    @Test func missingBlobsAreErrors() async throws {
        let image = try Sample.image([["a 1"], ["a 2"]])
        for digest in [image.digest, ImageFixture.digest(image.configuration), image.layers[1].descriptor.digest] {
            var layout = LayoutFixture()
            layout.add(image)
            layout.blobs[digest] = nil
            try await withLayout(layout) { directory async throws in
                let error = await scanError {
                    _ = try await ImageScanner().scan(LayoutImage(directory: directory, tag: nil))
                }
                #expect(error?.code == .unusableInput)
                #expect(error?.message.contains(digest.hexadecimal) == true)
            }
        }
    }

    @Test func hugeDocumentsAreNotRead() async throws {
        var layout = LayoutFixture()
        let huge = [UInt8](repeating: UInt8(ascii: " "), count: 5 << 20)
        layout.blobs[ImageFixture.digest(huge)] = huge
        layout.entries = [
            LayoutFixture.Entry(mediaType: .imageManifest, digest: ImageFixture.digest(huge), size: huge.count)
        ]
        try await withLayout(layout) { directory async throws in
            let error = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(error?.message.contains("more than 4194304 bytes") == true)
        }
    }

    // (what stands in place of a manifest, what is said of it)
    @Test(arguments: [
        ("[]", "no"), ("{}", "no"), (String(repeating: "[", count: 100_000), "nests too deep"),
        (#"{"schemaVersion":1,"fsLayers":[]}"#, "schema 1"),
        (#"{"schemaVersion":2,"manifests":[],"config":{},"layers":[]}"#, "at once"),
        (
            #"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:\#(String(repeating: "a", count: 64))","size":2},"layers":[]}"#,
            "no container image but application/vnd.cncf.helm.config.v1+json"
        ),
    ])
    func whatIsNoImageIsSaidToBeNone(text: String, words: String) async throws {
        var layout = LayoutFixture()
        let bytes = Array(text.utf8)
        layout.blobs[ImageFixture.digest(bytes)] = bytes
        layout.entries = [
            LayoutFixture.Entry(mediaType: .imageManifest, digest: ImageFixture.digest(bytes), size: bytes.count)
        ]
        try await withLayout(layout) { directory async throws in
            let error = await scanError { _ = try await LayoutImage(directory: directory, tag: nil).resolve(nil) }
            #expect(error?.code == .unusableInput)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}
