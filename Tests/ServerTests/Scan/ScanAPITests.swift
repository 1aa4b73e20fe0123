import TestSupport
import Testing

/// Asking for scans, looking at them, ending them.
@Suite("Scans over HTTP")
struct ScanAPITests {
    private func start(_ kind: String, _ name: TestJSON, _ server: RunningServer, _ credential: String) async throws
        -> Answer
    {
        try await server.admin.post(
            "/integrations/\(kind)/container-registry/project/\(server.first.project)/scan",
            ["credentialId": .string(credential), "imageName": name]
        )
    }

    private func scan(_ started: Answer, _ server: RunningServer) async throws -> TestJSON {
        let id = try started.json["scanId"].string.found("scan in \(started)")
        #expect(started["location"] == "/project/\(server.first.project)/scan/\(id)")
        return try await server.admin.get("/project/\(server.first.project)/scan/\(id)").json
    }

    /// A name without a host is of the credential's registry; one of one part is in Harbor's project of the credential.
    @Test(arguments: [
        ("harbor", "my-app:v1", "harbor.example.com/p-it/my-app:v1"),
        ("harbor", "p-it/team/app:v1", "harbor.example.com/p-it/team/app:v1"),
        ("harbor", "harbor.example.com/p-it/app", "harbor.example.com/p-it/app:latest"),
        ("dockerhub", "myuser/myapp:v1", "docker.io/myuser/myapp:v1"),
        ("dockerhub", "alpine", "docker.io/library/alpine:latest"),
        ("oci", "app:1", "registry.example.com/app:1"),
        ("oci", "registry.example.com/team/app:1", "registry.example.com/team/app:1"),
    ])
    func aNameIsReadInTheRegistryOfTheCredential(kind: String, name: String, image: String) async throws {
        try await withServer { server async throws in
            let started = try await start(kind, .string(name), server, try await server.store(kind))
            #expect(started.status == 202, "\(started)")
            let scan = try await scan(started, server)
            #expect(scan["image"] == .string(image) && scan["state"] == "queued")
        }
    }

    @Test(arguments: [
        ("harbor", "evil.example.com/p-it/app:1"), ("harbor", "docker.io/library/alpine"), ("harbor", "a b"),
        ("harbor", "https://harbor.example.com/p-it/app"), ("dockerhub", "ghcr.io/owner/app"),
        ("oci", "registry.example.com:8443/app"), ("oci", "app:"), ("oci", ""),
    ])
    func anotherRegistrysOrAWrongNameIsRefused(kind: String, name: String) async throws {
        try await withServer { server async throws in
            let answer = try await start(kind, .string(name), server, try await server.store(kind))
            #expect((answer.status, answer.fields) == (400, ["imageName"]), "\(answer)")
        }
    }

    @Test func theSameScanAskedTwiceIsOneScan() async throws {
        try await withServer { server async throws in
            let credential = try await server.store("harbor")
            let first = try await start("harbor", "app:1", server, credential)
            let again = try await start("harbor", "harbor.example.com/p-it/app:1", server, credential)
            let other = try await start("harbor", "app:2", server, credential)
            #expect(try first.json["scanId"] == again.json["scanId"])
            #expect(try first.json["scanId"] != other.json["scanId"])
            let list = try await server.admin.get("/project/\(server.first.project)/scans?state=queued&state[]=running")
            #expect(try list.json["total"] == 2)
        }
    }

    @Test func aCredentialThatIsNotLinkedOrNotThereIsToldApart() async throws {
        try await withServer { server async throws in
            let second = try await server.makeProject("second")
            let elsewhere = try await server.store("harbor", project: second)
            let unlinked = try await start("harbor", "app:1", server, elsewhere)
            #expect((unlinked.status, unlinked.code) == (403, "credential-not-linked"))
            let otherKind = try await start("harbor", "app:1", server, try await server.store("oci"))
            #expect((otherKind.status, otherKind.code) == (404, "credential-not-found"))
        }
    }

    @Test func allThatIsWrongIsToldAtOnce() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.post(
                "/integrations/oci/container-registry/project/\(server.first.project)/scan",
                ["credentialId": "x", "severities": ["HIGH", "shiny"], "privateScan": "yes", "platform": "linux"]
            )
            #expect(answer.status == 400)
            #expect(Set(answer.fields) == ["credentialId", "imageName", "severities[1]", "privateScan", "platform"])
        }
    }

    @Test func aCancelledScanIsFailedInTheContractsWords() async throws {
        try await withServer { server async throws in
            let started = try await start("harbor", "app:1", server, try await server.store("harbor"))
            let id = try started.json["scanId"].string.found("scan")
            let path = "/project/\(server.first.project)/scan/\(id)"
            let cancelled = try await server.admin.post("\(path)/cancel").json
            #expect(cancelled["status"] == "cancelled" && cancelled["state"] == "failed")
            #expect(cancelled["errorCategory"] == "scan" && cancelled["error"]["code"] == "cancelled")
            #expect(cancelled["endTime"].string != nil)
            let again = try await server.admin.post("\(path)/cancel")
            #expect(try again.status == 200 && again.json["endTime"] == cancelled["endTime"])
        }
    }

    @Test func aDeletedCredentialFailsTheScanThatWaitsForIt() async throws {
        try await withServer { server async throws in
            let credential = try await server.store("harbor")
            let started = try await start("harbor", "app:1", server, credential)
            let path = CredentialPath.collection("harbor", server.first.organization)
            #expect(try await server.admin.delete("\(path)/\(credential)").status == 204)
            let scan = try await scan(started, server)
            #expect(scan["state"] == "failed" && scan["error"]["code"] == "credential-deleted")
            #expect(scan["error"]["hint"].string != nil && scan["credentialId"] == .null)
        }
    }
}
