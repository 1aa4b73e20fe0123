import Advisories
import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import TestSupport
import Testing

/// A scan through the whole service: asked for over HTTP, pulled from a registry, read again over HTTP.
@Suite("Scans that run", .timeLimit(.minutes(3))) struct ScanRunTests {
    private static let secret = "registry-Secret-7"

    private static func image() throws -> ImageFixture {
        var image = ImageFixture()
        try image.add { tar in
            tar.file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n")
            tar.file(
                "var/lib/dpkg/status",
                "Package: zlib1g\nStatus: install ok installed\nSource: zlib\nVersion: 1:1.2\nArchitecture: amd64\n"
            )
        }
        return image
    }

    private static let advice = """
        {"schema_version":"1.7.0","id":"CVE-2026-1","modified":"2026-11-20T00:00:00Z","summary":"a flaw",\
        "affected":[{"package":{"ecosystem":"Debian:12","name":"zlib"},\
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:1.3"}]}]}]}
        """

    /// A server that makes scans, beside a registry with one image, which is `isPublic` or asks for a login.
    private func withImage(
        isPublic: Bool,
        _ body: (RunningServer, WireServer) async throws -> Void
    ) async throws {
        let image = try Self.image()
        let manifest = (mediaType: image.mediaType.rawValue, bytes: image.manifest)
        let registry = ImageRegistry(
            manifests: ["1": manifest, image.digest.description: manifest],
            blobs: Dictionary(uniqueKeysWithValues: image.blobs.map { ($0.0.description, $0.1) }),
            access: isPublic ? nil : ImageRegistry.Access(username: "reader", password: Self.secret)
        )
        try await WireServer.run {
            registry.handle($0)
        } _: { wire async throws in
            var options = ServerOptions()
            options.asksRegistries = true
            options.flags = [
                "plain-http-hosts": "127.0.0.1", "private-hosts": "127.0.0.1", "scan-concurrency": "2",
            ]
            try await withServer(options: options) { server async throws in
                let osv = server.directory.file("osv")
                try FileManager.default.createDirectory(atPath: osv, withIntermediateDirectories: false)
                try Data(Self.advice.utf8).write(to: URL(fileURLWithPath: osv + "/CVE-2026-1.json"))
                _ = try await AdvisoryImport(into: server.dataDirectory + "/advisories.sqlite").run([.path(osv)])
                try await body(server, wire)
            }
        }
    }

    /// The scan once it has ended.
    private func ended(_ started: Answer, _ server: RunningServer) async throws -> TestJSON {
        let path = try #require(started["location"], "\(started)")
        let isDone = try await eventually {
            ["completed", "completed_degraded", "failed"].contains(
                try await server.admin.get(path).json["state"].string
            )
        }
        #expect(isDone)
        return try await server.admin.get(path).json
    }

    private func start(_ server: RunningServer, _ credential: String) async throws -> Answer {
        try await server.admin.post(
            "/integrations/oci/container-registry/project/\(server.first.project)/scan",
            ["credentialId": .string(credential), "imageName": "team/app:1"]
        )
    }

    private func storeCredential(_ server: RunningServer, _ wire: WireServer) async throws -> String {
        try await server.admin.post(
            CredentialPath.collection("oci", server.first.organization),
            [
                "projectId": .string(server.first.project), "username": "reader", "password": .string(Self.secret),
                "registryUrl": .string("http://127.0.0.1:\(wire.port)"),
            ]
        ).created()
    }

    @Test func storedCredentialScansAnImageAndTheSecondScanPullsNothing() async throws {
        try await withImage(isPublic: false) { server, wire async throws in
            let credential = try await storeCredential(server, wire)
            #expect(wire.requests.isEmpty)
            let scan = try await ended(try await start(server, credential), server)
            #expect(scan["state"] == "completed" && scan["progress"] == 100, "\(scan)")
            #expect(scan["vulnerabilityDetected"] == 1 && scan["completeness"]["inventoryComplete"] == true)

            let results = "/project/\(server.first.project)/results/container"
            let findings = try await server.admin.get(results).json
            #expect(findings["total"] == 1, "\(findings)")
            let finding = findings["vulnerabilities"][0]
            #expect(finding["finding"]["flaw"] == "CVE-2026-1" && finding["library"]["packageName"] == "zlib1g")
            #expect(finding["autofixRecords"][0]["recommendedProposedVersion"] == "1:1.3")
            let images = try await server.admin.get("\(results)/images").text
            #expect(images.contains("127.0.0.1:\(wire.port)/team/app:1"), "\(images)")
            #expect(try await server.admin.get("\(results)/packages").text.contains("zlib1g"))

            // What is kept is enough for every document, and says what the scan said.
            let id = try await server.admin.get("\(results)/images").json["images"][0]["id"].string ?? ""
            let bill = try await server.admin.get("\(results)/images/\(id)/sbom").json
            #expect(bill["compositions"][0]["aggregate"] == "complete", "\(bill)")
            let flaw = bill["vulnerabilities"][0]
            #expect(flaw["id"] == "CVE-2026-1" && flaw["analysis"]["state"] == "in_triage")
            #expect(flaw["affects"][0]["ref"] == bill["components"][1]["bom-ref"])
            let report = try await server.admin.get("\(results)/images/\(id)/report").json
            #expect(report["findings"][0]["summary"] == "a flaw" && report["findings"][0]["fixedIn"] == "1:1.3")
            #expect(report["findings"][0]["layerDigest"] == report["image"]["layers"][0]["digest"])
            #expect(report["packages"][0]["source"] == "zlib" && report["completeness"]["inventoryComplete"] == true)
            let holding = try await server.admin.get(
                "/organization/\(server.first.organization)/results/container/images?purl=pkg:deb/debian/zlib1g@1:1.2"
            )
            #expect(try holding.json["total"] == 1, "\(holding)")

            let count = wire.requests.count
            let again = try await ended(try await start(server, credential), server)
            #expect(again["state"] == "completed" && again["id"] != scan["id"])
            let asked = wire.requests.dropFirst(count).filter { $0.path != "/token" && $0["Authorization"] != nil }
            #expect(asked.map { "\($0.method) \($0.path)" } == ["HEAD /v2/team/app/manifests/1"])
            // The secret goes to the token service alone, and nowhere into the log.
            let basic = Data("reader:\(Self.secret)".utf8).base64EncodedString()
            for request in wire.requests where request.path != "/token" {
                #expect(!request.text.contains(Self.secret) && !request.text.contains(basic))
            }
            #expect(try !server.log().contains(Self.secret))
        }
    }

    @Test func publicImageNeedsNoCredential() async throws {
        try await withImage(isPublic: true) { server, wire async throws in
            let started = try await server.admin.post(
                "/project/\(server.first.project)/scan/container/start",
                ["imageToScan": .string("127.0.0.1:\(wire.port)/team/app:1")]
            )
            let scan = try await ended(started, server)
            #expect(scan["state"] == "completed", "\(scan)")
            #expect(wire.requests.allSatisfy { $0["Authorization"] == nil })
        }
    }

    @Test func refusedSecretFailsTheScanAndNotTheRequest() async throws {
        try await withImage(isPublic: false) { server, wire async throws in
            let credential = try await server.admin.post(
                CredentialPath.collection("oci", server.first.organization),
                [
                    "projectId": .string(server.first.project), "username": "reader", "password": "another",
                    "registryUrl": .string("http://127.0.0.1:\(wire.port)"),
                ]
            ).created()
            let scan = try await ended(try await start(server, credential), server)
            #expect(scan["state"] == "failed" && scan["errorCategory"] == "authentication", "\(scan)")
            #expect(scan["errorCode"] == 401 && scan["error"]["code"] == "registry-auth-failed", "\(scan)")
            #expect(scan["error"]["hint"].string?.isEmpty == false)
        }
    }
}
