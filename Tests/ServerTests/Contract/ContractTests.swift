import Foundation
import TestSupport
import Testing

/// Every operation of `/openapi.json` is driven, and each answer is held against it. ``Caller`` throws for an answer that is not
/// as documented, so that what stands here is which statuses there must be.
@Suite("The contract")
struct ContractTests {
    /// Parameters that may be any text.
    private static let texts: Set<String> = ["query", "searchQuery", "branch", "vulnerability", "package", "purl"]

    /// What an operation answers when all is well, where that is not 200.
    private static func success(_ operation: APIContract.Operation) -> Int {
        let word = operation.id.split(separator: "_").last.map(String.init) ?? ""
        switch word {
        case "storeCredential", "bulkApplyCredential", "createOrganization", "addMember", "issueMemberKey",
            "createProject",
            "addProjectMember", "createAPIKey", "createSchedule":
            return 201
        case "deleteCredential", "deleteOrganization", "removeMember", "deleteProject", "removeProjectMember",
            "revokeAPIKey", "deleteSchedule":
            return 204
        case "startScan", "importAdvisories": return 202
        default: return 200
        }
    }

    @Test func everyOperationIsDrivenToItsSuccess() async throws {
        try await withRegistries { server, _ async throws in
            #expect(server.api.operations.count > 40)
            for (index, operation) in server.api.operations.enumerated() {
                let world = try await World.make(on: server, named: "\(index)")
                let answer: Answer
                if operation.id == "exchangeToken" {
                    answer = try await server.caller(nil).exchange(server.first.key)
                } else {
                    let body = world.body(operation)
                    try #require((body != nil) == operation.takesBody, "no body is known for \(operation.id)")
                    answer = try await server.admin.send(operation.method, world.path(operation), body)
                }
                #expect(answer.status == Self.success(operation), "\(answer)")
                #expect(operation.statuses.contains(answer.status))
                if operation.method == "GET" {
                    let head = try await server.admin.send("HEAD", world.path(operation))
                    #expect(head.status == 200, "\(head)")
                    #expect(head["content-type"] == answer["content-type"], "\(operation)")
                }
                let verb = operation.id.split(separator: "_").last ?? ""
                if verb.hasPrefix("list"), answer.status == 200 {
                    #expect(answer["x-total-count"] != nil, "\(operation)")
                }
            }
        }
    }

    @Test func everyOperationRefusesWhatItShould() async throws {
        try await withRegistries { server, _ async throws in
            let world = try await World.make(on: server, named: "refusals")
            var unthrottled = LoopbackAddresses()
            for operation in server.api.operations {
                let (path, body) = (world.path(operation), world.body(operation))
                if operation.isPublic {
                    let answer = try await server.caller("prq_garbage").from(unthrottled.next()).send(
                        operation.method,
                        path,
                        body
                    )
                    #expect(
                        answer.status != 401 || operation.id == "exchangeToken",
                        "a public operation looks at the key: \(answer)"
                    )
                } else {
                    let none = try await server.caller(nil).send(operation.method, path, body)
                    #expect((none.status, none.code) == (401, "unauthenticated"), "\(none)")
                    let garbage = try await server.caller("x").from(unthrottled.next()).send(
                        operation.method,
                        path,
                        body
                    )
                    #expect((garbage.status, garbage.code) == (401, "unauthenticated"), "\(garbage)")
                }
                for name in operation.pathParameters {
                    let expected = ["organizationId", "projectId"].contains(name) ? 403 : 404
                    for id in [UUID().uuidString.lowercased(), "no-uuid"] {
                        let unknown = world.path(operation, replacing: [name: id])
                        let answer = try await server.admin.send(operation.method, unknown, body)
                        #expect(answer.status == expected, "\(answer)")
                        #expect(operation.statuses.contains(expected), "\(operation) documents \(expected)")
                    }
                }
            }
            #expect(
                try await server.admin.get(world.credentialPath("harbor")).status == 200,
                "a refusal changed something"
            )
        }
    }

    @Test func everyOperationWithInputRefusesWhatIsNotUnderstood() async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "input")
            for operation in server.api.operations {
                let path = world.path(operation)
                if operation.takesBody { try await refusesBodies(operation, path, server) }
                // What is looked for may be any text.
                for name in operation.parameters(in: "query") where !Self.texts.contains(name) {
                    let wrong = world.path(operation, query: [name: "-1"])
                    let answer = try await server.admin.send(operation.method, wrong)
                    #expect((answer.status, answer.fields) == (400, [name]), "\(answer)")
                }
                if operation.parameters(in: "header").contains("Idempotency-Key") {
                    for key in ["", "two words", String(repeating: "k", count: 256), "é"] {
                        let answer = try await server.admin.send(
                            operation.method,
                            path,
                            world.body(operation),
                            headers: [("Idempotency-Key", key)]
                        )
                        #expect((answer.status, answer.fields) == (400, ["Idempotency-Key"]), "\(key): \(answer)")
                    }
                }
            }
        }
    }

    private func refusesBodies(_ operation: APIContract.Operation, _ path: String, _ server: RunningServer) async throws
    {
        let isForm = operation.id == "exchangeToken"
        let type = isForm ? "application/x-www-form-urlencoded" : "application/json"
        for wrong in ["[]", "{", "", "null", "\"text\"", "{}garbage", "{\"name\":\"\u{0}"] {
            let answer = try await server.admin.send(
                operation.method,
                path,
                bytes: Array(wrong.utf8),
                contentType: type
            )
            #expect((answer.status, answer.code) == (400, "validation-failed"), "\(wrong): \(answer)")
        }
        for wrong in [
            "text/plain", "application/xml", isForm ? "application/json" : "application/x-www-form-urlencoded", nil,
        ] {
            let answer = try await server.admin.send(
                operation.method,
                path,
                bytes: Array("{}".utf8),
                contentType: wrong
            )
            #expect((answer.status, answer.code) == (415, "unsupported-media-type"), "\(wrong ?? "none"): \(answer)")
        }
        // A document of decisions may be longer than what people fill in.
        let limit = operation.id == "importVEX" ? 1 << 20 : 64 * 1024
        let large = try await server.admin.send(
            operation.method,
            path,
            bytes: [UInt8](repeating: 32, count: limit + 1),
            contentType: type
        )
        #expect((large.status, large.code) == (413, "body-too-large"), "\(large)")
    }

    @Test func everyCreatingOperationRefusesAnIdempotencyKeyUsedForAnotherRequest() async throws {
        try await withServer { server async throws in
            for (index, operation) in server.api.operations.enumerated()
            where operation.parameters(in: "header").contains("Idempotency-Key") {
                let world = try await World.make(on: server, named: "key-\(index)")
                let header = [("Idempotency-Key", "once-\(index)")]
                let first = try await server.admin.send(
                    operation.method,
                    world.path(operation),
                    world.body(operation),
                    headers: header
                )
                #expect(first.status == Self.success(operation), "\(first)")
                let other = try await server.admin.post("/organizations", ["name": "another request"], headers: header)
                #expect((other.status, other.code) == (409, "idempotency-key-reused"), "\(other)")
                let again = try await server.admin.send(
                    operation.method,
                    world.path(operation),
                    world.body(operation),
                    headers: header
                )
                if again.status == first.status {
                    #expect(again.body == first.body && again["idempotency-replayed"] == "true", "\(again)")
                } else {
                    #expect((again.status, again.code) == (409, "idempotency-not-repeatable"), "\(again)")
                    #expect(first.text.contains("prq_"), "only an answer that shows a key may be withheld: \(first)")
                }
            }
        }
    }

    @Test func everyPathTellsTheMethodsThatItTakes() async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "methods")
            for operation in server.api.operations {
                let all = server.api.operations.filter { $0.path == operation.path }.map(\.method)
                let allowed = Set(all + (all.contains("GET") ? ["HEAD"] : []))
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
                where !allowed.contains(method) {
                    let answer = try await server.admin.send(method, world.path(operation))
                    #expect((answer.status, answer.code) == (405, "method-not-allowed"), "\(answer)")
                    let told = (answer["allow"] ?? "").split(separator: ",").map {
                        $0.trimmingCharacters(in: .whitespaces)
                    }
                    #expect(Set(told) == allowed && told.count == allowed.count, "\(operation): \(told)")
                }
            }
            for path in [
                "/", "/nothing", "/user", "/organization/", "/livez/x", "/user%2Fprofile", "/%C3%A9",
                "/organizations/x",
            ] {
                let answer = try await server.admin.send("GET", path)
                #expect((answer.status, answer.code) == (404, "not-found"), "\(answer)")
            }
        }
    }

    @Test func theDocumentIsWholeAndItsReferencesLeadSomewhere() async throws {
        try await withServer { server async throws in
            #expect(server.api.complaintsAboutSchemas.isEmpty)
            #expect(server.api.document["openapi"] == "3.0.3")
            let ids = server.api.operations.map(\.id)
            #expect(Set(ids).count == ids.count && !ids.contains(""))
            for operation in server.api.operations {
                let placed = operation.json["parameters"].items.filter { $0["in"] == "path" }.compactMap {
                    $0["name"].string
                }
                #expect(placed == operation.pathParameters, "\(operation)")
            }
        }
    }
}

extension World {
    /// Where the credential of `kind` is.
    func credentialPath(_ kind: String) -> String {
        CredentialPath.collection(kind, organization) + "/" + (credentials[kind] ?? "")
    }
}

extension Caller {
    /// Exchanges an API key for an access token, as the published client does.
    func exchange(_ key: String) async throws -> Answer {
        let form = [
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange", "client_id=pratique-cli",
            "subject_token=\(key)", "subject_token_type=urn%3Alogto%3Atoken-type%3Apersonal_access_token",
            "resource=https%3A%2F%2Fexample.com",
        ]
        return try await send(
            "POST",
            "/oidc/token",
            bytes: Array(form.joined(separator: "&").utf8),
            contentType: "application/x-www-form-urlencoded"
        )
    }
}

/// Addresses of this machine, each used once, so that wrong keys of one are not counted for the next.
struct LoopbackAddresses {
    private var count = 1

    mutating func next() -> String {
        count += 1
        return "127.\(count / 60_000 + 1).\(count / 250 % 240 + 1).\(count % 250 + 1)"
    }
}
