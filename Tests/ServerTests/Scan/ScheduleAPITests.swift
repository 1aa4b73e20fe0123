import Foundation
import Storage
import TestSupport
import Testing

/// Schedules over HTTP: what may be asked for, what is told of them.
@Suite("Schedules over HTTP") struct ScheduleAPITests {
    private func path(_ server: RunningServer, _ rest: String = "") -> String {
        "/project/\(server.first.project)/scan/schedules\(rest)"
    }

    private func make(_ server: RunningServer, _ image: String, _ credential: String? = nil, when: String = "on_change")
        async throws -> Answer
    {
        var body: TestJSON = ["imageName": .string(image), "when": .string(when)]
        if let credential { body["credentialId"] = .string(credential) }
        return try await server.admin.post(path(server), body)
    }

    /// As with a scan, a name without a host is of the credential's registry.
    @Test(arguments: [
        ("harbor", "app:release-*", "harbor.example.com/p-it/app", "release-*"),
        ("dockerhub", "myuser/myapp", "docker.io/myuser/myapp", "latest"),
        ("oci", "registry.example.com/team/app:*", "registry.example.com/team/app", "*"),
    ])
    func imageIsReadInTheRegistryOfTheCredential(kind: String, name: String, repository: String, tags: String)
        async throws
    {
        try await withServer { server async throws in
            let credential = try await server.store(kind)
            let made = try await make(server, name, credential)
            let id = try made.created()
            #expect(made["location"] == path(server, "/\(id)"))
            let schedule = try await server.admin.get(path(server, "/\(id)")).json
            #expect(schedule["repository"] == .string(repository) && schedule["tagPattern"] == .string(tags))
            #expect(schedule["credentialId"] == .string(credential) && schedule["lastError"] == .null)
            #expect(schedule["isEnabled"] == true && schedule["lastRunAt"] == .null)
            let next = try #require(
                schedule["nextRunAt"].string.flatMap {
                    try? Date($0, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
                }
            )
            #expect(next < Date() + 31)
        }
    }

    @Test(arguments: [
        "registry.example.com/app:[a]", "registry.example.com/app:*****", "registry.example.com/app:.x",
        "registry.example.com/app@sha256:\(String(repeating: "0", count: 64))", "a b:*", "app:", "",
        "registry.example.com/app:\(String(repeating: "x", count: 129))",
    ])
    func wrongImageIsRefused(name: String) async throws {
        try await withServer { server async throws in
            let answer = try await make(server, name)
            #expect((answer.status, answer.fields) == (400, ["imageName"]), "\(answer)")
        }
    }

    @Test func allThatIsWrongIsToldAtOnce() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.post(
                path(server),
                ["imageName": "app:?", "when": "hourly", "credentialId": "x", "isEnabled": "yes", "platform": "linux"]
            )
            #expect(answer.status == 400)
            #expect(Set(answer.fields) == ["imageName", "when", "credentialId", "isEnabled", "platform"], "\(answer)")
        }
    }

    @Test func sameTagsTwiceAndTooManySchedulesAreRefused() async throws {
        try await withServer { server async throws in
            #expect(try await make(server, "registry.example.com/app:v*").status == 201)
            let again = try await make(server, "registry.example.com/app:v*", when: "weekly")
            #expect((again.status, again.code) == (409, "conflict"), "\(again)")
            for number in 1..<ScheduleStore.projectLimit {
                #expect(try await make(server, "registry.example.com/app:\(number)").status == 201)
            }
            let last = try await make(server, "registry.example.com/app:last")
            #expect((last.status, last.code) == (409, "conflict"), "\(last)")
            #expect(try await server.admin.get(path(server)).json["total"] == .integer(ScheduleStore.projectLimit))
        }
    }

    @Test func credentialMustBeLinkedAndOfTheImagesRegistry() async throws {
        try await withServer { server async throws in
            let second = try await server.makeProject("second")
            let elsewhere = try await server.store("harbor", project: second)
            let unlinked = try await make(server, "app:*", elsewhere)
            #expect((unlinked.status, unlinked.code) == (403, "credential-not-linked"), "\(unlinked)")
            let nobody = try await make(server, "app:*", UUID().uuidString)
            #expect((nobody.status, nobody.code) == (404, "credential-not-found"), "\(nobody)")
            let id = try await make(server, "app:*", server.store("oci")).created()
            for credential in [try await server.store("harbor"), try await server.store("dockerhub")] {
                let answer = try await server.admin.patch(
                    path(server, "/\(id)"),
                    ["credentialId": .string(credential)]
                )
                #expect((answer.status, answer.fields) == (400, ["credentialId"]), "\(answer)")
            }
            let foreign = try await server.admin.patch(path(server, "/\(id)"), ["credentialId": .string(elsewhere)])
            #expect(foreign.status == 403, "\(foreign)")
        }
    }

    @Test func changeNamesWhatItChangesAndSwitchesOff() async throws {
        try await withServer { server async throws in
            let id = try await make(server, "registry.example.com/app:v*").created()
            let off = try await server.admin.patch(path(server, "/\(id)"), ["isEnabled": false, "branch": "main"]).json
            #expect(off["isEnabled"] == false && off["nextRunAt"] == .null && off["when"] == "on_change")
            let neither = try await server.admin.patch(path(server, "/\(id)"), ["isEnabled": .null])
            #expect((neither.status, neither.fields) == (400, ["isEnabled"]), "\(neither)")
            let on = try await server.admin.patch(path(server, "/\(id)"), ["isEnabled": true, "when": "daily"]).json
            #expect(on["branch"] == "main" && on["when"] == "daily" && on["nextRunAt"].string != nil)
            #expect(try await server.admin.delete(path(server, "/\(id)")).status == 204)
            #expect(try await server.admin.get(path(server, "/\(id)")).code == "schedule-not-found")
        }
    }

    @Test func deletedCredentialIsToldAtOnce() async throws {
        try await withServer { server async throws in
            let credential = try await server.store("harbor")
            let id = try await make(server, "app:*", credential).created()
            let collection = CredentialPath.collection("harbor", server.first.organization)
            #expect(try await server.admin.delete("\(collection)/\(credential)").status == 204)
            let schedule = try await server.admin.get(path(server, "/\(id)")).json
            #expect(schedule["credentialId"] == .null && schedule["lastError"]["code"] == "credential-deleted")
            #expect(schedule["lastError"]["hint"].string?.isEmpty == false)
        }
    }
}
