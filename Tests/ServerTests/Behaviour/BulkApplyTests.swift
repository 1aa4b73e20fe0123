import TestSupport
import Testing

@Suite("Bulk-apply")
struct BulkApplyTests {
    private func path(_ server: RunningServer) -> String {
        "/integrations/container-registry/organization/\(server.first.organization)/bulk-apply"
    }

    private func body(_ server: RunningServer, secret: String = "s", projects: [String]) -> TestJSON {
        var body = RunningServer.storeBody("harbor", project: "", secret: secret).without("projectId")
        body["registryType"] = "harbor"
        body["name"] = "shared"
        body["projectIds"] = .array(projects.map { .string($0) })
        return body
    }

    @Test func theFirstStoresTheNextRotatesAndLinksAdd() async throws {
        try await withServer { server async throws in
            let second = try await server.makeProject("second")
            let first = try await server.admin.post(path(server), body(server, projects: [server.first.project]))
            let id = try first.created("credentialId")
            let location = try #require(first["location"])
            #expect(try await server.admin.get(location).json["version"] == 1)
            let next = try await server.admin.post(path(server), body(server, secret: "t", projects: [second]))
            #expect(try next.created("credentialId") == id, "the same kind, name and fields: the same credential")
            #expect(try next.json["applied"] == [.string(second)])
            let read = try await server.admin.get(location).json
            #expect(read["version"] == 2 && read["name"] == "shared")
            #expect(Set(read["projectIds"].items.compactMap(\.string)) == [server.first.project, second])
        }
    }

    @Test func otherPublicFieldsMakeAnotherCredential() async throws {
        try await withServer { server async throws in
            let first = try await server.admin.post(path(server), body(server, projects: []))
            var other = body(server, projects: [])
            other["harborProject"] = "another"
            let second = try await server.admin.post(path(server), other)
            #expect(try first.created("credentialId") != second.created("credentialId"))
        }
    }

    @Test func whatIsMissingDependsOnTheKind() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.post(path(server), ["registryType": "dockerhub"])
            #expect(answer.status == 400)
            #expect(Set(answer.fields) == ["projectIds", "name", "dockerhubUsername", "accessToken"], "\(answer)")
            let unknown = try await server.admin.post(
                path(server),
                ["registryType": "ecr", "name": "n", "projectIds": []]
            )
            #expect(unknown.fields == ["registryType"], "\(unknown)")
        }
    }
}
