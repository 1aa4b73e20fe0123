import Advisories
import Inventory
import OCI
import Storage
import Tenancy
import TestSupport
import Testing

@testable import Server

/// Statements about some images of a repository, whose findings other images have too. Source: docs/scans.md, "By OpenVEX".
@Suite("OpenVEX about some images") struct VEXWideningTests {
    /// What a document says, each statement of a status and its products.
    typealias Statements = [(status: String, products: [String])]

    /// An image of `registry.example.com/app`: a tag, the digit that its digest is made of, the version of its package.
    struct Image: Sendable {
        let tag: String
        let digit: Int
        var version = "3.0.1"
    }

    private static func product(_ digit: Int) -> String {
        "pkg:oci/app@sha256%3A" + String(repeating: "\(digit)", count: 64)
    }

    private func withImages(_ images: [Image], _ body: (RunningServer, String) async throws -> Void) async throws {
        try await withServer { server async throws in
            for image in images {
                _ = try await server.seedScan(
                    tag: image.tag,
                    digest: try Digest("sha256:" + String(repeating: "\(image.digit)", count: 64)),
                    findings: [.seed("CVE-2026-0001", version: image.version)]
                )
            }
            try await body(server, "/project/\(server.first.project)/results/container")
        }
    }

    private static func document(_ statements: Statements) -> TestJSON {
        [
            "@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-11-24T12:00:00Z",
            "statements": .array(
                statements.map { status, products in
                    [
                        "vulnerability": ["name": "CVE-2026-0001"], "status": .string(status),
                        "products": .array(products.map { ["@id": .string($0)] }),
                        "impact_statement": "it is never called",
                    ]
                }
            ),
        ]
    }

    private func status(_ path: String, _ server: RunningServer) async throws -> String? {
        try await server.admin.get(path).json["vulnerabilities"][0]["finding"]["status"].string
    }

    private static let two = [Image(tag: "1", digit: 1), Image(tag: "2", digit: 2)]
    private static let same = [Image(tag: "1", digit: 1), Image(tag: "latest", digit: 1)]
    private static let versions = [Image(tag: "1", digit: 1), Image(tag: "2", digit: 2, version: "3.0.2")]

    // (images, statements, status without --allow-wider, whether something was left)
    @Test(
        arguments: [
            (two, [("not_affected", [product(1)])], "to_verify", true),
            (two, [("fixed", [product(2)])], "to_verify", true),
            (two, [("not_affected", ["pkg:oci/app?tag=1"])], "to_verify", true),
            // What silences nothing may be as wide as it likes.
            (two, [("affected", [product(1)])], "confirmed", false),
            // Every image is named, at once or one after the other.
            (two, [("not_affected", [product(1), product(2)])], "ignored", false),
            (two, [("fixed", [product(1)]), ("not_affected", [product(2)])], "ignored", false),
            (two, [("not_affected", ["pkg:oci/app"])], "ignored", false),
            (two, [("not_affected", ["pkg:oci/app"]), ("fixed", [product(2)])], "resolved", false),
            (same, [("not_affected", [product(1)])], "ignored", false),
            // One of them is affected, whatever comes last.
            (two, [("affected", [product(1)]), ("not_affected", [product(2)])], "confirmed", true),
            (two, [("not_affected", [product(2)]), ("affected", [product(1)])], "confirmed", false),
            (two, [("affected", ["pkg:oci/app"]), ("not_affected", [product(2)])], "confirmed", true),
            (two, [("affected", [product(1)]), ("not_affected", ["pkg:oci/app"])], "ignored", false),
            (versions, [("not_affected", ["pkg:deb/debian/openssl@3.0.1"])], "to_verify", true),
            (versions, [("not_affected", ["pkg:deb/debian/openssl"])], "ignored", false),
            // A digest that no tag has any more is about nothing.
            (two, [("not_affected", [product(3)])], "to_verify", false),
        ] as [([Image], Statements, String, Bool)]
    )
    func nothingIsSilencedThatTheDocumentIsNotAbout(
        images: [Image],
        statements: Statements,
        expected: String,
        isLeft: Bool
    ) async throws {
        try await withImages(images) { server, path in
            let document = Self.document(statements)
            let answer = try await server.admin.post("\(path)/vex", document)
            #expect(answer.status == 200, "\(answer)")
            #expect(try await status(path, server) == expected)
            #expect(try answer.json["left"] == .integer(isLeft ? 1 : 0))
            #expect(try answer.json["widened"].items.map { $0["isDecided"] } == (isLeft ? [false] : []))
            // Sent again it says the same and changes nothing.
            let before = try await server.contents()
            let again = try await server.admin.post("\(path)/vex", document)
            #expect(try again.json["left"] == answer.json["left"] && again.json["changed"] == 0)
            #expect(try await server.contents() == before)
        }
    }

    @Test func whoSaysSoDecidesForTheOthersTooAndIsTold() async throws {
        try await withImages(Self.two + [Image(tag: "3", digit: 2)]) { server, path in
            let document = Self.document([("not_affected", [Self.product(1)])])
            let answer = try await server.admin.post("\(path)/vex?allowWider=true", document)
            #expect(try answer.json["changed"] == 1 && answer.json["left"] == 0, "\(answer)")
            let widened = try answer.json["widened"][0]
            #expect(widened["isDecided"] == true && widened["path"] == "statements[0]" && widened["otherImages"] == 2)
            let names = widened["images"].items.compactMap { $0["artifactName"].string }.sorted()
            #expect(names == ["registry.example.com/app:2", "registry.example.com/app:3"])
            #expect(try await status(path, server) == "ignored")
            // Nothing is left to decide.
            let again = try await server.admin.post("\(path)/vex", document)
            #expect(try again.json["left"] == 0 && again.json["widened"] == [] && again.json["changed"] == 0)
        }
    }

    @Test func manyImagesAreCountedAndAFewAreTold() async throws {
        let images = (0..<15).map { Image(tag: "\($0)", digit: $0 == 0 ? 1 : 2) }
        try await withImages(images) { server, path in
            let document = Self.document([("not_affected", [Self.product(1)])])
            let widened = try await server.admin.post("\(path)/vex", document).json["widened"][0]
            #expect(widened["otherImages"] == 14 && widened["images"].items.count == VEXLimits.widenedPlaces)
        }
    }

    @Test(arguments: ["maybe", "1"]) func allowanceIsTrueOrFalse(word: String) async throws {
        try await withImages([Image(tag: "1", digit: 1)]) { server, path in
            let document = Self.document([("not_affected", ["pkg:oci/app"])])
            let answer = try await server.admin.post("\(path)/vex?allowWider=\(word)", document)
            #expect(answer.status == 400 && answer.fields == ["allowWider"], "\(answer)")
            #expect(try await status(path, server) == "to_verify")
        }
    }
}
