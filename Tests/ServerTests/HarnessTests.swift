import TestSupport
import Testing

@Suite("The harness")
struct HarnessTests {
    @Test func aServerStartsAnswersAndStops() async throws {
        try await withServer { server async throws in
            #expect(try await server.admin.get("/user/profile").status == 200)
            let id = try await server.store("harbor")
            #expect(
                try await server.admin.get(CredentialPath.collection("harbor", server.first.organization) + "/\(id)")
                    .status == 200
            )
            #expect(try await server.contents().contains { $0.hasPrefix("credential: ") })
            #expect(try server.log().contains("listening"))
        }
    }

    @Test func whatIsNotDocumentedIsThrown() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.get("/user/profile")
            let operation = try #require(server.api.operation("GET", "/user/profile"))
            func complaints(_ status: Int, _ json: TestJSON) throws -> [String] {
                server.api.complaints(
                    Answer(
                        method: "GET",
                        target: "/user/profile",
                        status: status,
                        headers: answer.headers,
                        body: try json.bytes
                    ),
                    to: operation
                )
            }
            let right = try answer.json
            #expect(try complaints(200, right).isEmpty)
            #expect(try complaints(201, right) == ["status 201 is not documented"])
            #expect(try complaints(200, right.without("name")) == ["body: name is missing"])
            var wrong = right
            wrong["shoeSize"] = 43
            #expect(try complaints(200, wrong) == ["body: shoeSize is not documented"])
        }
    }
}
