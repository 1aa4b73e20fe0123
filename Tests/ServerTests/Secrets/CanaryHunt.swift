import Foundation
import Synchronization
import TestSupport
import Testing

/// Gives a server secrets in every way that there is, and looks for them everywhere.
final class CanaryHunt: Sendable {
    private let state = Mutex<(secrets: [String: CanarySecret], requests: Int)>(([:], 0))

    /// What one answer is there to show, and no other.
    private static let shownOnce: Set<String> = [
        "a key of one's own", "a new member's key", "a key issued to a member", "an access token",
    ]

    /// How many requests were made.
    var requests: Int { state.withLock { $0.requests } }

    var secrets: [String: CanarySecret] { state.withLock { $0.secrets } }

    /// A new secret; `place` says where it goes.
    func secret(_ place: String) -> String {
        let canary = CanarySecret()
        state.withLock { $0.secrets[place] = canary }
        return canary.text
    }

    /// A text that somebody else made, and that is as secret.
    func note(_ text: String, _ place: String) { state.withLock { $0.secrets[place] = CanarySecret(core: text) } }

    /// The secret of every account of the registries beside the server.
    func registrySecret() -> String { secret("registry accounts") }

    /// An API key, which must not be seen again after the answer that showed it.
    private func note(key: String, _ place: String) {
        // The half that is secret: behind the id, before the checksum.
        state.withLock { $0.secrets[place] = CanarySecret(core: String(key.suffix(58).prefix(52))) }
    }

    func send(
        _ caller: Caller,
        _ method: String,
        _ path: String,
        _ json: TestJSON? = nil,
        expecting status: Int,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        state.withLock { $0.requests += 1 }
        let answer = try await caller.send(method, path, json, headers: headers)
        #expect(answer.status == status, "\(answer)")
        return answer
    }

    /// Stores, rotates, links, bulk-applies, patches, and fails in every way, each with a secret of its own.
    func feed(_ server: RunningServer, control: CanarySecret) async throws {
        note(key: server.first.key, "the first administrator's key")
        for kind in RunningServer.kinds { try await feedKind(kind, server, control: control) }
        try await feedBulkApply(server)
        try await feedWrongPlaces(server)
        try await feedBrokenBodies(server)
        try await feedKeys(server)
        if let registries = server.registries { try await feedRegistries(server, registries) }
        state.withLock { $0.requests += 1 }
        let metrics = try await server.admin.get("/metrics")
        #expect(metrics.text.contains("pratique_requests_total"))
    }

    private func feedKind(_ kind: String, _ server: RunningServer, control: CanarySecret) async throws {
        let (admin, first) = (server.admin, server.first)
        let collection = CredentialPath.collection(kind, first.organization)
        var body = RunningServer.storeBody(
            kind,
            project: first.project,
            secret: secret("\(kind) store"),
            label: control.core
        )
        body["shoeSize"] = .string(secret("\(kind) unknown field"))
        let header = [("Idempotency-Key", "canary-\(kind)")]
        let stored = try await send(admin, "POST", collection, body, expecting: 201, headers: header)
        _ = try await send(admin, "POST", collection, body, expecting: 201, headers: header)
        let other = RunningServer.storeBody(
            kind,
            project: first.project,
            secret: secret("\(kind) idempotency conflict")
        )
        _ = try await send(admin, "POST", collection, other, expecting: 409, headers: header)
        let item = "\(collection)/\(try stored.created())"
        _ = try await send(admin, "GET", item, expecting: 200)
        let rotation = RunningServer.rotateBody(kind, secret: secret("\(kind) rotate") + "\n")
        _ = try await send(admin, "POST", "\(item)/rotate", rotation, expecting: 200)
        let field = kind == "dockerhub" ? "accessToken" : "password"
        let patch: TestJSON = .object(["description": .string(control.text), field: .string(secret("\(kind) patch"))])
        _ = try await send(admin, "PATCH", item, patch, expecting: 200)

        for (index, value) in wrongSecrets("\(kind)").enumerated() {
            var wrong = body
            wrong[field] = value
            _ = try await send(admin, "POST", collection, wrong, expecting: 400)
            _ = try await send(admin, "POST", "\(item)/rotate", .object([field: value]), expecting: 400)
            #expect(index < 5)
        }
        var nameless = body.without("username", "dockerhubUsername", "projectId")
        nameless["name"] = .string(String(repeating: secret("\(kind) long name"), count: 30))
        nameless["description"] = .string(secret("\(kind) description with a line break") + "\nx")
        _ = try await send(admin, "POST", collection, nameless, expecting: 400)
        let noBody = server.caller(nil)
        _ = try await send(noBody, "POST", collection, body, expecting: 401)
        let elsewhere = CredentialPath.collection(kind, UUID().uuidString.lowercased())
        _ = try await send(admin, "POST", elsewhere, body, expecting: 403)
        _ = try await send(admin, "PUT", collection, body, expecting: 405)
        _ = try await send(admin, "POST", "/nowhere", body, expecting: 404)
    }

    private func wrongSecrets(_ kind: String) -> [TestJSON] {
        [
            ["secret": .string(secret("\(kind) object"))], [.string(secret("\(kind) array"))],
            .string(String(repeating: secret("\(kind) too long"), count: 500)),
            [[["deep": .string(secret("\(kind) nested"))]]],
        ]
    }

    private func feedBulkApply(_ server: RunningServer) async throws {
        let (admin, first) = (server.admin, server.first)
        let path = "/integrations/container-registry/organization/\(first.organization)/bulk-apply"
        for round in ["creates", "rotates"] {
            var body = RunningServer.storeBody("harbor", project: first.project, secret: secret("bulk-apply \(round)"))
            body["registryType"] = "harbor"
            body["name"] = "bulk"
            body["projectIds"] = [.string(first.project)]
            _ = try await send(admin, "POST", path, body, expecting: 201)
            body["registryType"] = .string(secret("bulk-apply kind \(round)"))
            _ = try await send(admin, "POST", path, body, expecting: 400)
        }
        let item = CredentialPath.collection("harbor", first.organization)
        let list = try await send(admin, "GET", item, expecting: 200)
        let links = CredentialPath.links(
            "harbor",
            first.organization,
            try list.json[0]["id"].string.found("credential")
        )
        _ = try await send(admin, "PUT", links, ["projectIds": [.string(secret("links"))]], expecting: 400)
        let right: TestJSON = [
            "projectIds": [.string(first.project)], "password": .string(secret("links, unknown field")),
        ]
        _ = try await send(admin, "PUT", links, right, expecting: 200)
    }

    /// A secret where something else belongs is refused without being told again.
    private func feedWrongPlaces(_ server: RunningServer) async throws {
        let (admin, first) = (server.admin, server.first)
        let organization = "/organization/\(first.organization)"
        let harbor = CredentialPath.collection("harbor", first.organization)
        var body = RunningServer.storeBody("harbor", project: secret("projectId"))
        body["harborUrl"] = .string("https://user:\(CanarySecret.letters(secret("userinfo")))@harbor.example.com")
        _ = try await send(admin, "POST", harbor, body, expecting: 400)
        body["harborUrl"] = .string(
            "https://harbor.example.com/?token=\(CanarySecret.letters(secret("query of a URL")))"
        )
        _ = try await send(admin, "POST", harbor, body, expecting: 400)
        body["harborUrl"] = .string(secret("URL"))
        _ = try await send(admin, "POST", harbor, body, expecting: 400)
        body = RunningServer.storeBody("harbor", project: first.project)
        // A path is cut off with a note, which must not repeat it.
        body["harborUrl"] = .string("https://harbor.example.com/\(CanarySecret.letters(secret("path of a URL")))")
        let noted = try await send(admin, "POST", harbor, body, expecting: 201)
        #expect(noted["x-pratique-note"] != nil)
        let attempts: [(String, String, TestJSON)] = [
            ("POST", "\(organization)/members", ["name": "m", "role": .string(secret("role"))]),
            ("POST", "\(organization)/members", ["userId": .string(secret("userId")), "role": "member"]),
            (
                "PUT", "\(organization)/member/role",
                ["userId": .string(first.user), "role": .string(secret("new role"))]
            ),
            (
                "POST", "/project/\(first.project)/members",
                ["userId": .string(secret("project userId")), "role": "analyst"]
            ),
            ("POST", "/user/api-keys", ["name": "k", "permissions": [.string(secret("permission"))]]),
            ("POST", "/user/api-keys", ["name": "k", "projectIds": [.string(secret("projectIds"))]]),
            ("POST", "/user/api-keys", ["name": "k", "expiresAt": .string(secret("expiresAt"))]),
            ("POST", "/user/api-keys", ["name": "k", "neverExpires": .string(secret("neverExpires"))]),
            ("POST", "/user/api-keys", ["name": "k", "organizationId": .string(secret("organizationId"))]),
            ("POST", "/organizations", ["name": [.string(secret("name of another type"))]]),
            ("PATCH", "/user/profile", ["email": ["of": .string(secret("email of another type"))]]),
        ]
        for (method, path, json) in attempts { _ = try await send(admin, method, path, json, expecting: 400) }
        let query = CanarySecret.letters(secret("query"))
        for name in ["page", "kind", "pageSize"] {
            _ = try await send(admin, "GET", "\(organization)/credentials?\(name)=\(query)", expecting: 400)
        }
        _ = try await send(
            admin,
            "GET",
            "\(harbor)?token=\(CanarySecret.letters(secret("unknown query")))",
            expecting: 200
        )
    }

    private func feedBrokenBodies(_ server: RunningServer) async throws {
        let path = CredentialPath.collection("harbor", server.first.organization)
        let bodies: [(String, [UInt8], String, Int)] = [
            ("broken", Array("{\"password\":\"\(secret("broken JSON"))".utf8), "application/json", 400),
            (
                "not an object", Array("[\"\(CanarySecret.letters(secret("JSON array")))\"]".utf8), "application/json",
                400
            ),
            ("bare", Array(secret("bare text").utf8), "application/json", 400),
            (
                "invalid UTF-8",
                Array("{\"password\":\"\(CanarySecret.letters(secret("UTF-8")))".utf8) + [0xFF, 0x22, 0x7D],
                "application/json", 400
            ),
            ("form", Array("password=\(secret("form"))".utf8), "application/x-www-form-urlencoded", 415),
            ("large", Array(String(repeating: secret("large"), count: 2_000).utf8), "application/json", 413),
        ]
        for (name, bytes, type, status) in bodies {
            state.withLock { $0.requests += 1 }
            let answer = try await server.admin.send("POST", path, bytes: bytes, contentType: type)
            #expect(answer.status == status, "\(name): \(answer)")
        }
        let form = "grant_type=\(CanarySecret.letters(secret("grant_type")))&subject_token=\(server.first.key)"
        state.withLock { $0.requests += 1 }
        let answer = try await server.caller(nil).send(
            "POST",
            "/oidc/token",
            bytes: Array(form.utf8),
            contentType: "application/x-www-form-urlencoded"
        )
        #expect(answer.status == 400)
    }

    private func feedKeys(_ server: RunningServer) async throws {
        let (admin, first) = (server.admin, server.first)
        var addresses = LoopbackAddresses()
        // The answers that show a key are the one place where it may be, so these go past the transcript's search.
        let made = try await send(
            admin,
            "POST",
            "/user/api-keys",
            ["name": "k"],
            expecting: 201,
            headers: [("Idempotency-Key", "k")]
        )
        note(key: try made.json["key"].string.found("key"), "a key of one's own")
        _ = try await send(
            admin,
            "POST",
            "/user/api-keys",
            ["name": "k"],
            expecting: 409,
            headers: [("Idempotency-Key", "k")]
        )
        let member: TestJSON = ["name": "m", "role": "member", "issueKey": true]
        let added = try await send(admin, "POST", "/organization/\(first.organization)/members", member, expecting: 201)
        note(key: try added.json["apiKey"]["key"].string.found("key"), "a new member's key")
        let user = try added.json["userId"].string.found("user")
        let issued = try await send(
            admin,
            "POST",
            "/organization/\(first.organization)/members/\(user)/api-keys",
            expecting: 201
        )
        note(key: try issued.json["key"].string.found("key"), "a key issued to a member")

        let wrong = CanarySecret.letters(secret("wrong key"))
        _ = try await send(server.caller(wrong).from(addresses.next()), "GET", "/user/profile", expecting: 401)
        let basic = Data("user:\(secret("basic header"))".utf8).base64EncodedString()
        let schemes = ["Basic \(basic)", "Bearer \(CanarySecret.letters(secret("bearer")))"]
        for scheme in schemes {
            let nobody = server.caller(nil).from(addresses.next())
            _ = try await send(nobody, "GET", "/user/profile", expecting: 401, headers: [("Authorization", scheme)])
        }
        let token = try await server.caller(nil).exchange(first.key)
        let access = try token.json["access_token"].string.found("token")
        state.withLock { $0.requests += 1 }
        let bearer = [("Authorization", "Bearer \(access)")]
        _ = try await send(server.caller(nil), "GET", "/user/profile", expecting: 200, headers: bearer)
        state.withLock { $0.secrets["an access token"] = CanarySecret(core: String(access.suffix(40))) }
        _ = try await server.caller(nil).from(addresses.next()).exchange(wrong)
    }

    /// Every GET of the API.
    func readEverything(_ server: RunningServer) async throws {
        let (admin, first) = (server.admin, server.first)
        for kind in RunningServer.kinds {
            let list = try await send(admin, "GET", CredentialPath.collection(kind, first.organization), expecting: 200)
            #expect(try !list.json.items.isEmpty)
            let links = CredentialPath.links(
                kind,
                first.organization,
                try list.json[0]["id"].string.found("credential")
            )
            _ = try await send(admin, "GET", links, expecting: 200)
            _ = try await send(
                admin,
                "GET",
                "/integrations/\(kind)/container-registry/project/\(first.project)/credentials",
                expecting: 200
            )
        }
        let paths = [
            "/integrations/container-registry/organization/\(first.organization)/credentials",
            "/organization/\(first.organization)/credentials",
            "/organization/\(first.organization)/integrations/overview",
            "/organization/\(first.organization)/members", "/project/\(first.project)/credentials", "/user/api-keys",
            "/user/profile", "/organizations", "/metrics", "/readyz", "/openapi.json", "/docs",
        ]
        for path in paths { _ = try await send(admin, "GET", path, expecting: 200) }
    }

    func deleteEverything(_ server: RunningServer) async throws {
        for kind in RunningServer.kinds {
            let collection = CredentialPath.collection(kind, server.first.organization)
            for item in try await send(server.admin, "GET", collection, expecting: 200).json.items {
                _ = try await send(server.admin, "DELETE", "\(collection)/\(item["id"].string ?? "")", expecting: 204)
            }
        }
    }

    /// Looks through every answer and the log. An answer may hold the one key that it is there to show.
    func search(_ server: RunningServer) throws {
        let log = try server.log()
        for (place, canary) in secrets {
            #expect(canary.traces(in: log).isEmpty, "\(place) is in the log")
            let seen = server.transcript.answers.filter { !canary.traces(in: $0.wire).isEmpty }
            let limit = Self.shownOnce.contains(place) ? 1 : 0
            #expect(seen.count <= limit, "\(place): \(seen.map(\.description))")
        }
    }

    /// Looks through the data directory and the log's file. The first key's own file is where that key belongs.
    func search(files directory: TemporaryDirectory, because moment: String) throws {
        for (place, canary) in secrets {
            let found = try canary.traces(inFilesOf: directory).filter { !$0.hasPrefix("first-key:") }
            #expect(found.isEmpty, "\(moment): \(place) in \(found)")
        }
    }
}

extension CanarySecret {
    /// What of a secret's text can stand in a URL or header as it is: its core.
    static func letters(_ text: String) -> String {
        String(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
}
