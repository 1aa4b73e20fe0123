import OCI
import Testing

@Suite struct ManifestTests {
    static func digest(_ character: Character) -> String { "sha256:" + String(repeating: character, count: 64) }

    static func descriptor(_ platform: String, digest character: Character) -> String {
        let parts = platform.split(separator: "/")
        let variant = parts.count > 2 ? #","variant":"\#(parts[2])""# : ""
        return #"""
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,"digest":"\#(digest(character))",
             "platform":{"os":"\#(parts[0])","architecture":"\#(parts[1])"\#(variant)}}
            """#
    }

    static func index(_ descriptors: [String]) throws -> ImageIndex {
        try ImageIndex(json: Array(#"{"schemaVersion":2,"manifests":[\#(descriptors.joined(separator: ","))]}"#.utf8))
    }

    // Source: image-index.md; an ARM processor runs older variants, and attestations are no images.
    @Test(arguments: [
        ("linux/amd64", "b"), ("linux/arm64", "c"), ("linux/arm64/v8", "c"), ("linux/arm/v7", "e"),
        ("linux/arm/v6", "d"),
        ("linux/arm/v8", "e"), ("linux/s390x", nil), ("windows/amd64", nil), ("unknown/unknown", nil),
    ])
    func platformPicksItsManifest(_ asked: String, _ expected: String?) throws {
        let index = try ManifestTests.index([
            ManifestTests.descriptor("unknown/unknown", digest: "a"),
            ManifestTests.descriptor("linux/amd64", digest: "b"),
            ManifestTests.descriptor("linux/arm64", digest: "c"), ManifestTests.descriptor("linux/arm/v6", digest: "d"),
            ManifestTests.descriptor("linux/arm/v7", digest: "e"),
        ])
        let parts = asked.split(separator: "/").map(String.init)
        let platform = Platform(os: parts[0], architecture: parts[1], variant: parts.count > 2 ? parts[2] : nil)
        #expect(index.manifest(for: platform)?.digest.hexadecimal.first.map(String.init) == expected)
    }

    @Test func artifactInTheFormOfAnImageIsNone() throws {
        let empty =
            #"{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":"\#(ManifestTests.digest("a"))"}"#
        let manifest = try Manifest(json: Array(#"{"schemaVersion":2,"config":\#(empty),"layers":[]}"#.utf8))
        #expect(!manifest.isImage)
    }

    @Test(arguments: ["", "[]", "{}", #"{"config":1,"layers":[]}"#, String(repeating: "[", count: 100_000)])
    func whatIsNoManifestIsAnError(_ text: String) {
        #expect(throws: DocumentError.self) { try Manifest(json: Array(text.utf8)) }
    }

    @Test func commandsStandWithTheLayersTheyMade() throws {
        let configuration = try ImageConfiguration(
            json: Array(
                #"{"history":[{"created_by":"ADD"},{"created_by":"ENV","empty_layer":true},{"created_by":"RUN"}]}"#.utf8
            )
        )
        #expect(configuration.commands(layers: 2) == ["ADD", "RUN"])
        #expect(configuration.commands(layers: 3) == [nil, nil, nil])
    }
}
