import TestSupport
import Testing

/// The paths that the published contract has are answered as it says.
@Suite("The published contract", .enabled(if: PublishedAPI.isPresent, Comment(rawValue: PublishedAPI.absence)))
struct PublishedContractTests {
    /// What Pratique adds where the contract documents nothing. Source: published-api-notes.md, "Thin or inconsistent places".
    private static let additions: Set<Int> = [400, 401, 404, 405, 409, 412, 413, 415, 429, 502, 503, 504]

    private func hold(_ answer: Answer, _ published: APIContract) throws {
        let operation = try #require(published.operation(answer.method, answer.path), "\(answer)")
        if Self.additions.contains(answer.status), !operation.statuses.contains(answer.status) {
            let error = SchemaChecker(document: published.document, allowsUnknownMembers: true)
            #expect(error.complaints(try answer.json, ["$ref": "#/components/schemas/Error"]).isEmpty, "\(answer)")
        } else {
            // The three schemas of one finding are empty in the contract, so that every object fits all of them.
            let complaints = published.complaints(answer, to: operation).filter {
                !$0.hasSuffix("vulnerability: fits 3 of the 3 schemas of oneOf")
            }
            #expect(complaints.isEmpty, "\(answer): \(complaints)")
        }
    }

    @Test func everySharedOperationAnswersAsPublished() async throws {
        let published = try PublishedAPI.load()
        try await withRegistries { server, _ async throws in
            let shared = server.api.operations.filter { operation in
                published.operations.contains { $0.method == operation.method && $0.path == operation.path }
            }
            // Of Harbor and Docker Hub each: store, delete, list, get, images, tags; Harbor's projects, Docker Hub's search; the
            // grouped list, overview, links read and set, bulk-apply.
            // Of scans: Harbor's, Docker Hub's and the public start, one scan; findings, one finding, packages, images, grouped, the
            // project's bill of materials, and deleting an image.
            let documented: [Int] = [2 * 6, 2, 5, 4, 7]
            #expect(shared.count == documented.reduce(0, +), "\(shared)")
            for (index, operation) in shared.enumerated() {
                let world = try await World.make(on: server, named: "\(index)")
                let (path, body) = (world.path(operation), world.body(operation))
                let unknown =
                    operation.pathParameters.last.map { world.path(operation, replacing: [$0: world.outsider]) } ?? path
                try hold(await server.caller(nil).send(operation.method, path, body), published)
                try hold(await server.admin.send(operation.method, unknown, body), published)
                if operation.takesBody { try hold(await server.admin.send(operation.method, path, [:]), published) }
                let success = try await server.admin.send(operation.method, path, body)
                #expect((200...204).contains(success.status), "\(success)")
                try hold(success, published)
            }
        }
    }

    /// Exactly the documented members, no more. Source: published-api-notes.md, "The two operations that came first".
    @Test(arguments: [
        ("harbor", ["id", "harborUrl", "harborProject", "username", "createdAt", "description"]),
        ("dockerhub", ["id", "dockerhubUsername", "registryUrl", "createdAt", "description"]),
    ])
    func theTwoStoreOperationsAnswerExactlyTheDocumentedMembers(kind: String, members: [String]) async throws {
        let published = try PublishedAPI.load()
        try await withServer { server async throws in
            let path = CredentialPath.collection(kind, server.first.organization)
            let operation = try #require(published.operation("POST", path))
            let schema = operation.json["responses"]["201"]["content"]["application/json"]["schema"]
            let strict = SchemaChecker(document: published.document, allowsUnknownMembers: false)
            let body = RunningServer.storeBody(kind, project: server.first.project)
            for (sent, expected) in [
                (body, Set(members)), (body.without("description"), Set(members).subtracting(["description"])),
            ] {
                let answer = try await server.admin.post(path, sent)
                let json = try answer.json
                #expect(answer.status == 201 && json.names == expected, "\(answer)")
                #expect(strict.complaints(json, schema).isEmpty, "\(answer)")
                for name in expected.subtracting(["id", "createdAt", "registryUrl"]) {
                    #expect(json[name] == sent[name])
                }
                if kind == "dockerhub" { #expect(json["registryUrl"] == "https://index.docker.io/v1/") }
                let location = try #require(answer["location"])
                let read = try await server.admin.get(location)
                #expect(read.status == 200)
                for name in expected { #expect(try read.json[name] == json[name]) }
            }
        }
    }

    @Test func thePublishedClientsSequenceWorks() async throws {
        try await withServer { server async throws in
            let apps = try await server.caller(nil).get("/client-apps")
            #expect(try apps.json["cli"]["appId"].string?.isEmpty == false)
            let token = try await server.caller(nil).exchange(server.first.key)
            let access = try #require(try token.json["access_token"].string)
            #expect(try token.json["expires_in"] == 600 && token.json["token_type"] == "Bearer")
            let bearer = [("Authorization", "Bearer \(access)")]
            let organization = server.first.organization
            let stored = try await server.caller(nil).post(
                CredentialPath.collection("harbor", organization),
                RunningServer.storeBody("harbor", project: server.first.project),
                headers: bearer
            )
            let id = try stored.created()
            let path = "/integrations/harbor/container-registry/project/\(server.first.project)/credentials"
            let list = try await server.caller(nil).send("GET", path, headers: bearer)
            #expect(try list.json.items.map { $0["id"].string } == [id])
            #expect(access != server.first.key && !access.contains(server.first.key.suffix(20)))
        }
    }
}
