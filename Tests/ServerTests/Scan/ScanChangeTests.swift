import Foundation
import RegistryStubs
import Storage
import TestSupport
import Testing

/// What is changed under a scan that waits or runs: its credential, its project, the wish for it. Source: issue 5, "How it is proven".
@Suite("Changes under a scan", .timeLimit(.minutes(3)))
struct ScanChangeTests {
    private static let secret = "registry-Secret-7"

    /// A service with one credential of a registry, which it scans images of.
    private struct World {
        let server: RunningServer
        let wire: WireServer
        let registry: HeldRegistry
        let credential: String

        var item: String { CredentialPath.collection("oci", server.first.organization) + "/\(credential)" }

        func start(_ tag: String, in project: String? = nil) async throws -> String {
            let answer = try await server.admin.post(
                "/integrations/oci/container-registry/project/\(project ?? server.first.project)/scan",
                ["credentialId": .string(credential), "imageName": .string("team/app:\(tag)")]
            )
            return try answer["location"].found("location: \(answer)")
        }

        func look(_ scan: String) async throws -> TestJSON { try await server.admin.get(scan).json }

        func ended(_ scan: String) async throws -> TestJSON {
            let isDone = try await eventually {
                ["completed", "completed_degraded", "failed"].contains(try await look(scan)["state"].string)
            }
            #expect(isDone)
            return try await look(scan)
        }

        /// Waits until somebody is held back at a place.
        func reaches(_ place: HeldRegistry.Place, of tag: String) async {
            let name = registry.name(place, of: tag)
            #expect(await eventually { wire.requests.contains { $0.path.hasSuffix(name) } })
        }

        /// The tags that have a result.
        func tags(in project: String? = nil) async throws -> [String] {
            let path = "/project/\(project ?? server.first.project)/results/container/images"
            return try await server.admin.get(path).json["images"].items.compactMap { $0["tag"].string }.sorted()
        }
    }

    private func withWorld(concurrency: Int = 1, _ body: (World) async throws -> Void) async throws {
        let registry = try HeldRegistry(["1", "2", "3"], password: Self.secret)
        try await WireServer.run {
            await registry.handle($0)
        } _: { wire async throws in
            var options = ServerOptions()
            options.asksRegistries = true
            options.flags = [
                "plain-http-hosts": "127.0.0.1", "private-hosts": "127.0.0.1", "scan-concurrency": "\(concurrency)",
            ]
            try await withServer(options: options) { server async throws in
                let credential = try await server.admin.post(
                    CredentialPath.collection("oci", server.first.organization),
                    [
                        "projectId": .string(server.first.project), "username": "reader",
                        "password": .string(Self.secret), "registryUrl": .string("http://127.0.0.1:\(wire.port)"),
                    ]
                ).created()
                try await body(World(server: server, wire: wire, registry: registry, credential: credential))
            }
        }
    }

    @Test func secretThatIsRotatedWhileTheScanWaitsIsUsedInItsNewVersion() async throws {
        try await withWorld { world async throws in
            let gate = world.registry.hold(.layer, of: "1")
            let (first, second) = (try await world.start("1"), try await world.start("2"))
            await world.reaches(.layer, of: "1")
            // Its other blobs are asked for with the token that is to be refused.
            #expect(await eventually { world.registry.hasGranted(allOf: "1") })
            let body = RunningServer.rotateBody("oci", secret: "another-Secret-8")
            #expect(try await world.server.admin.post("\(world.item)/rotate", body).status == 200)
            world.registry.change(password: "another-Secret-8")
            #expect(try await world.look(second)["state"] == "queued")
            gate.open()
            #expect(try await world.ended(first)["imageId"] != .null)
            let scan = try await world.ended(second)
            #expect(scan["imageId"] != .null, "\(scan)")
        }
    }

    @Test func secretThatIsRotatedWhileTheScanRunsIsUsedForItsNextToken() async throws {
        try await withWorld { world async throws in
            let gate = world.registry.hold(.manifest, of: "1")
            let first = try await world.start("1")
            await world.reaches(.manifest, of: "1")
            let body = RunningServer.rotateBody("oci", secret: "another-Secret-8")
            #expect(try await world.server.admin.post("\(world.item)/rotate", body).status == 200)
            world.registry.change(password: "another-Secret-8")
            gate.open()
            let scan = try await world.ended(first)
            #expect(scan["imageId"] != .null, "\(scan)")
        }
    }

    @Test func scanFailsWhenTheRegistryTakesItsSecretNoMore() async throws {
        try await withWorld { world async throws in
            let gate = world.registry.hold(.manifest, of: "1")
            let first = try await world.start("1")
            await world.reaches(.manifest, of: "1")
            world.registry.change(password: "another-Secret-8")
            gate.open()
            let scan = try await world.ended(first)
            #expect(scan["state"] == "failed" && scan["errorCategory"] == "authentication", "\(scan)")
            #expect(scan["error"]["code"] == "registry-auth-failed" && scan["errorCode"] == 401, "\(scan)")
            #expect(scan["error"]["hint"].string?.isEmpty == false)
            #expect(try await world.tags() == [])
            let body = RunningServer.rotateBody("oci", secret: "another-Secret-8")
            #expect(try await world.server.admin.post("\(world.item)/rotate", body).status == 200)
            #expect(try await world.ended(try await world.start("1"))["imageId"] != .null)
        }
    }

    @Test func deletedCredentialEndsTheScansThatWaitAndThatRun() async throws {
        try await withWorld { world async throws in
            let gate = world.registry.hold(.layer, of: "1")
            let scans = [try await world.start("1"), try await world.start("2")]
            await world.reaches(.layer, of: "1")
            #expect(try await world.server.admin.delete(world.item).status == 204)
            for path in scans {
                let scan = try await world.look(path)
                #expect(scan["state"] == "failed" && scan["errorCategory"] == "authentication", "\(scan)")
                #expect(scan["error"]["code"] == "credential-deleted" && scan["credentialId"] == .null, "\(scan)")
                #expect(scan["error"]["hint"].string?.isEmpty == false)
            }
            gate.open()
            // The worker is free again, and has written nothing. Without a credential this registry lets nobody in.
            let image: TestJSON = ["imageToScan": .string("127.0.0.1:\(world.wire.port)/team/app:3")]
            let path = "/project/\(world.server.first.project)/scan/container/start"
            let next = try await world.server.admin.post(path, image)["location"].found("scan")
            #expect(try await world.ended(next)["error"]["code"] == "registry-auth-failed")
            #expect(try await world.tags() == [])
            let name = world.registry.name(.manifest, of: "2")
            #expect(!world.wire.requests.contains { $0.path.hasSuffix(name) || $0.path.hasSuffix("/manifests/2") })
        }
    }

    @Test func unlinkedCredentialEndsTheScansOfItsProjectAndOfNoOther() async throws {
        try await withWorld(concurrency: 2) { world async throws in
            let other = try await world.server.makeProject("other")
            let first = world.server.first
            let links = CredentialPath.links("oci", first.organization, world.credential)
            _ = try await world.server.admin.put(links, ["projectIds": [.string(first.project), .string(other)]])
            let gates = [world.registry.hold(.layer, of: "1"), world.registry.hold(.layer, of: "2")]
            let (own, others) = (try await world.start("1"), try await world.start("2", in: other))
            await world.reaches(.layer, of: "1")
            await world.reaches(.layer, of: "2")
            let waiting = try await world.start("3")
            _ = try await world.server.admin.put(links, ["projectIds": [.string(other)]])
            for path in [own, waiting] {
                let scan = try await world.look(path)
                #expect(scan["state"] == "failed" && scan["error"]["code"] == "credential-unlinked", "\(scan)")
                #expect(scan["error"]["hint"].string?.isEmpty == false)
            }
            for gate in gates { gate.open() }
            #expect(try await world.ended(others)["imageId"] != .null)
            #expect(try await world.tags(in: other) == ["2"])
            // Whoever was held back at the first gate is past its end once two more were made.
            for tag in ["1", "3"] {
                #expect(try await world.ended(try await world.start(tag, in: other))["imageId"] != .null)
            }
            #expect(try await world.tags() == [])
        }
    }

    @Test func projectThatIsDeletedWhileItsScanRunsLeavesNothing() async throws {
        try await withWorld { world async throws in
            let (server, doomed) = (world.server, try await world.server.makeProject("doomed"))
            let links = CredentialPath.links("oci", server.first.organization, world.credential)
            let both: TestJSON = [.string(server.first.project), .string(doomed)]
            _ = try await server.admin.put(links, ["projectIds": both])
            let gate = world.registry.hold(.layer, of: "1")
            let scan = try await world.start("1", in: doomed)
            await world.reaches(.layer, of: "1")
            _ = try await world.start("2", in: doomed)
            let path = "/project/\(doomed)"
            #expect(try await server.admin.delete(path).status == 204)
            #expect(try await server.admin.get(scan).status == 403)
            gate.open()
            #expect(try await world.ended(try await world.start("3"))["imageId"] != .null)
            #expect(try await world.tags() == ["3"])
            let rows = try await server.withDatabase { database in
                try await database.read { session in
                    try ["scan", "image", "image_package", "finding"].map { table in
                        let id = SQLValue.uuid(try UUID(uuidString: doomed).found("project"))
                        return try session.count("SELECT COUNT(*) FROM \(table) WHERE project_id = $1", [id])
                    }
                }
            }
            #expect(rows == [0, 0, 0, 0])
            #expect(try !server.log().contains(#""level":"error""#))
        }
    }

    /// Where a scan is when it is cancelled.
    enum Moment: CaseIterable { case queued, resolving, pulling, ending }

    @Test(arguments: Moment.allCases) func cancelledScanWritesNothingWhereverItIs(moment: Moment) async throws {
        try await withWorld { world async throws in
            let earlier = try await world.ended(try await world.start("3"))
            #expect(earlier["imageId"] != .null)
            let place = moment == .resolving ? HeldRegistry.Place.manifest : .layer
            let gate = world.registry.hold(place, of: "1")
            let first = try await world.start("1")
            await world.reaches(place, of: "1")
            let scan = moment == .queued ? try await world.start("2") : first
            let answer = try await world.server.admin.post("\(scan)/cancel").json
            #expect(answer["isCancelAsked"] == true || answer["status"] == "cancelled")
            #expect((answer["status"] == "cancelled") == (moment == .queued))
            // At its end the worker has not heard of it, and asks before it writes. Else the next sign of life tells.
            if moment == .ending || moment == .queued { gate.open() }
            let ended = try await world.ended(scan)
            #expect(ended["status"] == "cancelled" && ended["imageId"] == .null, "\(ended)")
            #expect(ended["error"]["code"] == "cancelled" && ended["endTime"].string != nil)
            // The worker goes on.
            #expect(try await world.ended(try await world.start("3"))["imageId"] != .null)
            #expect(try await world.tags() == (moment == .queued ? ["1", "3"] : ["3"]))
        }
    }
}
