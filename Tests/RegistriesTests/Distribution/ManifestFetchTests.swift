import Foundation
import OCI
import Registries
import RegistryStubs
import Testing

/// Manifests and configurations of tests, with the digests they have.
enum TestImage {
    static func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

    static func descriptor(_ type: String, _ text: String, extra: String = "") -> String {
        #"{"mediaType":"\#(type)","digest":"\#(digest(text))","size":\#(text.utf8.count)\#(extra)}"#
    }

    static let layer = "layer bytes"
    static let configuration = #"""
        {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},
         "history":[{"created_by":"COPY . /"}]}
        """#
    static let imageType = "application/vnd.oci.image.manifest.v1+json"
    static let indexType = "application/vnd.oci.image.index.v1+json"

    static let manifest =
        #"{"schemaVersion":2,"mediaType":"\#(imageType)","config":"#
        + descriptor("application/vnd.oci.image.config.v1+json", configuration) + #","layers":["#
        + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer) + "]}"

    static let index =
        #"{"schemaVersion":2,"mediaType":"\#(indexType)","manifests":["#
        + descriptor(imageType, "attestation", extra: #","platform":{"os":"unknown","architecture":"unknown"}"#) + ","
        + descriptor(imageType, manifest, extra: #","platform":{"os":"linux","architecture":"amd64"}"#) + "]}"

    static let chart =
        #"{"schemaVersion":2,"mediaType":"\#(imageType)","config":"#
        + descriptor("application/vnd.cncf.helm.config.v1+json", "{}") + #","layers":[]}"#

    /// Answers for the image as a registry does.
    static func answer(_ request: WireRequest) -> WireAnswer {
        let documents = [
            "/v2/a/b/manifests/latest": index, "/v2/a/b/manifests/\(digest(index))": index,
            "/v2/a/b/manifests/amd64": manifest, "/v2/a/b/manifests/\(digest(manifest))": manifest,
            "/v2/a/b/manifests/chart": chart,
        ]
        if let document = documents[request.path] {
            let type = document == index ? indexType : imageType
            let headers = [("Content-Type", type), ("Docker-Content-Digest", digest(document).description)]
            guard request.method == "GET" else {
                return WireAnswer(steps: [
                    .send(WireAnswer.head(200, headers + [("Content-Length", "\(document.utf8.count)")]))
                ])
            }
            return .ok(document, headers)
        }
        let blobs = [
            "/v2/a/b/blobs/\(digest(configuration))": configuration, "/v2/a/b/blobs/\(digest(layer))": layer,
        ]
        return blobs[request.path].map { .ok($0) }
            ?? .json(#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"secret text"}]}"#, status: 404)
    }
}

@Suite struct ManifestFetchTests {
    static func client<Result: Sendable>(
        _ answer: @escaping @Sendable (WireRequest) async -> WireAnswer = { TestImage.answer($0) },
        _ body: (DistributionClient, WireServer) async throws -> Result
    ) async throws -> Result {
        try await WireServer.run(answer) { server in
            try await withOutbound { outbound in try await body(outbound.registry(server.port), server) }
        }
    }

    @Test func tagLeadsThroughItsIndexToTheImage() async throws {
        try await ManifestFetchTests.client { client, server in
            let image = try await client.image("a/b", .tag("latest"), platform: .linuxAMD64)
            #expect(image.fetched.digest == TestImage.digest(TestImage.manifest))
            #expect(image.fetched.bytes == Array(TestImage.manifest.utf8))
            #expect(image.manifest.layers.map(\.digest) == [TestImage.digest(TestImage.layer)])
            let configuration = try await client.configuration("a/b", image.manifest)
            #expect(configuration.platform == .linuxAMD64)
            #expect(configuration.commands(layers: 1) == ["COPY . /"])
            #expect(server.requests[0]["Accept"]?.contains("image.index.v1+json") == true)
        }
    }

    @Test func platformThatIsMissingIsToldWithThoseThatAreThere() async throws {
        try await ManifestFetchTests.client { client, _ in
            let error = await registryError {
                _ = try await client.image(
                    "a/b",
                    .tag("latest"),
                    platform: Platform(os: "linux", architecture: "s390x")
                )
            }
            #expect(error?.code == .platformNotFound)
            #expect(error?.hint == "It has: linux/amd64.")
        }
    }

    @Test func chartIsNoImage() async throws {
        try await ManifestFetchTests.client { client, _ in
            let error = await registryError { _ = try await client.image("a/b", .tag("chart"), platform: .linuxAMD64) }
            #expect(error?.code == .notAnImage)
            #expect(error?.message.contains("helm") == true)
            guard case .artifact = try await client.manifest("a/b", .tag("chart")).document else {
                Issue.record("a chart was not seen to be one")
                return
            }
        }
    }

    @Test func headResolvesATagWithoutAPull() async throws {
        try await ManifestFetchTests.client { client, server in
            let head = try await client.head("a/b", .tag("latest"))
            #expect(head.digest == TestImage.digest(TestImage.index))
            #expect(head.mediaType == .imageIndex)
            #expect(head.size == Int64(TestImage.index.utf8.count))
            #expect(server.requests.map(\.method) == ["HEAD"])
        }
    }

    /// Some registries answer HEAD with 405, or leave the digest out.
    @Test(arguments: [200, 405, 501, 400])
    func headFallsBackToGet(status: Int) async throws {
        try await ManifestFetchTests.client { request in
            request.method == "HEAD"
                ? WireAnswer(steps: [.send(WireAnswer.head(status, [("Content-Length", "0")]))])
                : TestImage.answer(request)
        } _: { client, server in
            let digest = try await client.head("a/b", .tag("latest")).digest
            #expect(digest == TestImage.digest(TestImage.index))
            #expect(server.requests.map(\.method) == ["HEAD", "GET"])
        }
    }

    @Test(arguments: [ManifestReference.tag("none"), .digest(TestImage.digest("none"))])
    func missingManifestIsNotFound(reference: ManifestReference) async throws {
        try await ManifestFetchTests.client { client, _ in
            for ask in [client.manifest, { try await client.manifest($0, $1) }] {
                let error = await registryError { _ = try await ask("a/b", reference) }
                #expect(error?.code == .tagNotFound)
                #expect(error?.upstream?.code == "MANIFEST_UNKNOWN")
                #expect(error?.description.contains("secret text") == false)
            }
            #expect(await registryError { _ = try await client.head("a/b", reference) }?.code == .tagNotFound)
        }
    }

    /// Bytes that do not hash to what was asked for, or to what the registry says that they are.
    @Test func lyingDigestsAreRefused() async throws {
        let asked = TestImage.digest("something else")
        let sha512 = Digest(of: Array(TestImage.index.utf8), .sha512)
        try await ManifestFetchTests.client { request in
            if request.path.hasSuffix("\(asked)") {
                return .ok(TestImage.index, [("Docker-Content-Digest", "\(asked)")])
            }
            if request.path.hasSuffix("/lying") { return .ok(TestImage.index, [("Docker-Content-Digest", "\(asked)")]) }
            if request.path.hasSuffix("/sha512") {
                return .ok(TestImage.index, [("Docker-Content-Digest", "\(sha512)")])
            }
            return .ok(TestImage.index, [("Docker-Content-Digest", "md5:abc")])
        } _: { client, _ in
            for reference in [ManifestReference.digest(asked), .tag("lying")] {
                #expect(
                    await registryError { _ = try await client.manifest("a/b", reference) }?.code == .digestMismatch
                )
            }
            let manifest = try await client.manifest("a/b", .tag("sha512"))
            #expect(manifest.digest == sha512)
            #expect(try await client.manifest("a/b", .tag("odd")).digest == TestImage.digest(TestImage.index))
        }
    }

    @Test(arguments: [
        ("", "registry-misbehaved"), ("[]", "registry-misbehaved"), ("<html>", "registry-misbehaved"),
        (#"{"schemaVersion":1,"fsLayers":[{"blobSum":"x"}]}"#, "not-an-image"),
        (
            #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws"}"#,
            "not-an-image"
        ),
        (#"{"manifests":[],"config":{},"layers":[]}"#, "registry-misbehaved"),
        (String(repeating: #"{"manifests":["#, count: 50_000), "registry-misbehaved"),
        (
            #"{"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"sha256:short","size":1}]}"#,
            "registry-misbehaved"
        ),
        (
            #"{"manifests":[{"mediaType":"x","size":-1,"digest":"sha256:\#(String(repeating: "a", count: 64))"}]}"#,
            "registry-misbehaved"
        ),
        (
            #"{"manifests":[{"mediaType":"x","digest":"\#(TestImage.digest("x"))","size":1e999}]}"#,
            "registry-misbehaved"
        ),
    ])
    func whatIsNoManifestIsAnError(body: String, code: String) async throws {
        try await ManifestFetchTests.client { _ in
            .ok(body)
        } _: { client, _ in
            let error = await registryError { _ = try await client.manifest("a/b", .tag("x")) }
            #expect(error?.code.description == code)
        }
    }

    @Test func typeThatContradictsTheBodyIsRefused() async throws {
        try await ManifestFetchTests.client { _ in
            .ok(TestImage.manifest, [("Content-Type", TestImage.indexType)])
        } _: {
            client,
            _ in
            #expect(
                await registryError { _ = try await client.manifest("a/b", .tag("x")) }?.code == .upstreamMisbehaved
            )
        }
    }

    /// Each index leads to another: the depth is bounded.
    @Test func indexesWithinIndexesEnd() async throws {
        func nested(_ depth: Int) -> String {
            depth == 0
                ? TestImage.manifest
                : #"{"mediaType":"\#(TestImage.indexType)","manifests":["#
                    + TestImage.descriptor(
                        TestImage.indexType,
                        nested(depth - 1),
                        extra: #","platform":{"os":"linux","architecture":"amd64"}"#
                    ) + "]}"
        }
        let all = Dictionary(uniqueKeysWithValues: (0...8).map { ("\(TestImage.digest(nested($0)))", nested($0)) })
        let (deep, shallow) = (TestImage.digest(nested(8)), TestImage.digest(nested(3)))
        try await ManifestFetchTests.client { request in
            all[String(request.path.split(separator: "/").last ?? "")].map { .ok($0) } ?? .status(404)
        } _: { client, server in
            let error = await registryError {
                _ = try await client.image("a/b", .digest(deep), platform: .linuxAMD64)
            }
            #expect(error?.code == .upstreamMisbehaved)
            #expect(server.requests.count == 5)
            let image = try await client.image("a/b", .digest(shallow), platform: .linuxAMD64)
            #expect(image.manifest.isImage)
        }
    }

    @Test func budgetComesWithTheManifest() async throws {
        try await ManifestFetchTests.client { _ in
            .ok(TestImage.manifest, [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "9;w=21600")])
        } _: { client, _ in
            let budget = try await client.manifest("a/b", .tag("x")).rateBudget
            #expect(budget == RateBudget(limit: 100, remaining: 9, windowInSeconds: 21_600))
        }
    }

    @Test(arguments: ["", "a/b", "..", "a b", "tag?x", String(repeating: "a", count: 129)])
    func whatIsNoTagIsNotAskedFor(tag: String) async throws {
        try await ManifestFetchTests.client { client, server in
            #expect(await registryError { _ = try await client.manifest("a/b", .tag(tag)) }?.code == .tagNotFound)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func referrersComeFromTheAPIOrItsTag() async throws {
        let digest = TestImage.digest(TestImage.manifest)
        let list =
            #"{"mediaType":"\#(TestImage.indexType)","manifests":["#
            + TestImage.descriptor(TestImage.imageType, "sbom", extra: #","artifactType":"application/spdx+json""#)
            + ","
            + TestImage.descriptor(TestImage.imageType, "signature", extra: #","artifactType":"application/sig""#)
            + "]}"
        for path in ["/v2/a/b/referrers/\(digest)", "/v2/a/b/manifests/sha256-\(digest.hexadecimal)"] {
            try await ManifestFetchTests.client {
                $0.path == path ? .ok(list) : .status(404)
            } _: { client, _ in
                #expect(try await client.referrers("a/b", of: digest).count == 2)
                let boms = try await client.referrers("a/b", of: digest, artifactType: "application/spdx+json")
                #expect(boms.map(\.digest) == [TestImage.digest("sbom")])
            }
        }
        try await ManifestFetchTests.client { _ in
            .status(404)
        } _: { client, _ in
            let none = try await client.referrers("a/b", of: digest)
            #expect(none.isEmpty)
        }
    }
}
