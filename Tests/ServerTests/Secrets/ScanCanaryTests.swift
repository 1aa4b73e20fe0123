import Foundation
import ImageFixtures
import RegistryStubs
import TestSupport
import Testing

/// Promise 1 over scans: what is sent to a registry comes back from there in no way, whatever the registry repeats, and what only
/// looks like it is told as it stands. Source: issue 5, "How it is proven".
@Suite("Canaries in scans", .timeLimit(.minutes(3)))
struct ScanCanaryTests {
    /// What nearly is a secret: one letter is another, and one half is left out.
    private static func lookalikes(of core: String) -> [String] {
        let middle = core.index(core.startIndex, offsetBy: 12)
        let other: Character = core[middle] == "x" ? "y" : "x"
        return [core[..<middle] + String(other) + core[core.index(after: middle)...], String(core[..<middle])]
            .map { String($0) }
    }

    private static func image(_ lookalikes: [String], _ place: EchoRegistry.Place) throws -> ImageFixture {
        var image = try DebianImage.make([lookalikes[0]: "1", "other": lookalikes[1]])
        try image.add(createdBy: "ENV PASSWORD=\(lookalikes[0])") { tar in
            tar.file("etc/\(lookalikes[0])", "password=\(lookalikes[0])\n\(place)\n")
            tar.file("app/node_modules/x/package.json", #"{"name":"x","version":"1","license":"\#(lookalikes[0])"}"#)
        }
        return image
    }

    @Test func noSecretIsSeenAgainThatARegistryRepeatsInAScan() async throws {
        let control = CanarySecret()
        let lookalikes = Self.lookalikes(of: control.core)
        let places = EchoRegistry.Place.allCases
        let registry = EchoRegistry(
            Dictionary(uniqueKeysWithValues: try places.map { ($0, try Self.image(lookalikes, $0)) })
        )
        let hunt = CanaryHunt()
        hunt.note(control.core, "the secret that files look like")
        try await withTemporaryDirectory { directory in
            try await WireServer.run {
                registry.handle($0)
            } _: { wire async throws in
                var options = ServerOptions()
                options.asksRegistries = true
                options.flags = [
                    "plain-http-hosts": "127.0.0.1", "private-hosts": "127.0.0.1", "scan-concurrency": "1",
                ]
                try await withServer(in: directory, options: options) { server async throws in
                    for place in places {
                        let secret = place == .nowhere ? control.text : hunt.secret("\(place)")
                        let token = "t" + CanarySecret().core
                        hunt.note(token, "the token of \(place)")
                        registry.prepare(place, username: "reader", password: secret, token: token)
                        let scan = try await scan(place, secret, server, wire)
                        // Of what is wrong in a header the manifest itself is the judge.
                        let isGood = [.nowhere, .token, .digest, .contentType].contains(place)
                        #expect((scan["imageId"] != .null) == isGood, "\(place): \(scan)")
                        if !isGood { #expect(scan["error"]["hint"].string?.isEmpty == false, "\(place): \(scan)") }
                    }
                    let answers = try await readEverything(server)
                    for text in lookalikes { #expect(answers.contains(text), "a look-alike was taken for a secret") }
                    try hunt.search(server)
                    try hunt.search(files: directory, because: "while it ran")
                    #expect(try server.log().contains("scan failed"))
                    // The search must have something to find: each of them was sent.
                    for (name, canary) in hunt.secrets where !name.hasPrefix("the token") {
                        #expect(!canary.traces(in: wire.wire).isEmpty, "\(name) was never sent")
                    }
                }
            }
            try hunt.search(files: directory, because: "after it stopped")
        }
    }

    /// The end of a scan with a credential of its own.
    private func scan(_ place: EchoRegistry.Place, _ secret: String, _ server: RunningServer, _ wire: WireServer)
        async throws -> TestJSON
    {
        let credential = try await server.admin.post(
            CredentialPath.collection("oci", server.first.organization),
            [
                "projectId": .string(server.first.project), "username": "reader", "password": .string(secret),
                "registryUrl": .string("http://127.0.0.1:\(wire.port)"), "name": .string("\(place)"),
            ]
        ).created()
        let started = try await server.admin.post(
            "/integrations/oci/container-registry/project/\(server.first.project)/scan",
            ["credentialId": .string(credential), "imageName": .string("team/app-\(place.rawValue.lowercased()):1")]
        )
        let path = try started["location"].found("location: \(started)")
        let isDone = try await eventually { try await server.admin.get(path).json["endTime"].string != nil }
        #expect(isDone, "\(place) never ends")
        return try await server.admin.get(path).json
    }

    /// Everything that is told of scans and results, as one text.
    private func readEverything(_ server: RunningServer) async throws -> String {
        let results = "/project/\(server.first.project)/results/container"
        var text = ""
        for path in [
            "/project/\(server.first.project)/scans?pageSize=100", results, "\(results)/images",
            "\(results)/packages?limit=100",
            "\(results)/images/grouped", "/metrics",
        ] {
            let answer = try await server.admin.get(path)
            #expect(answer.status == 200, "\(answer)")
            text += answer.text
        }
        return text
    }
}
