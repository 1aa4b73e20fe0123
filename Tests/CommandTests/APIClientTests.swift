import ArgumentParser
import Sealing
import Server
import Testing

@testable import pratique

@Suite struct APIClientTests {
    private func settings(_ url: String, _ more: [String] = []) throws -> ClientSettings {
        try ClientSettings(options: .parse(["--url", url] + more), variables: ["PRATIQUE_API_KEY": "prq_key"])
    }

    private func send(_ request: APIRequest, to url: String) async throws -> APIAnswer {
        let settings = try settings(url)
        return try await APIClient.withClient(settings, key: settings.key) { try await $0.send(request) }
    }

    @Test func keyIsNeverSentOverPlainHTTPToAnotherMachine() async throws {
        let settings = try settings("http://pratique.invalid")
        let failure = try await #require(throws: CommandFailure.self) {
            try await APIClient.withClient(settings, key: settings.key) { _ in Issue.record("there is a client") }
        }
        #expect(failure.exitCode == 64)
        #expect(!failure.wording.contains("prq_key"))
    }

    @Test func requestSaysWhoSendsItAndCreatingItHasAnIdempotencyKey() async throws {
        let server = try ScriptedServer([
            "POST /things": .init(status: 201, body: "{}"), "GET /things": .init(body: "{}"),
        ])
        _ = try await send(.create(APIPath("things"), .fields(["name": "x/y"])), to: server.url)
        _ = try await send(.get(APIPath("things")), to: server.url)
        let (post, get) = (server.requests[0], server.requests[1])
        #expect(post.headers["x-api-key"] == "prq_key")
        #expect(post.headers["user-agent"] == "pratique/\(Release.version)")
        #expect(post.headers["content-type"] == "application/json")
        #expect(ResourceID(post.headers["idempotency-key"] ?? "") != nil)
        #expect(get.headers["idempotency-key"] == nil)
    }

    @Test func redirectIsNotFollowed() async throws {
        let other = try ScriptedServer(["GET /user/profile": .init(body: "{}")])
        let redirect = ScriptedServer.Answer(status: 307, headers: ["location": other.url + "/user/profile"])
        let server = try ScriptedServer(["GET /user/profile": redirect])
        let failure = try await #require(throws: APIFailure.self) {
            try await send(.get(APIPath("user", "profile")), to: server.url)
        }
        #expect(failure.status == 307)
        #expect(other.requests.isEmpty)
    }

    @Test func everyPageIsFetchedAndWhatMovesBetweenPagesIsKeptOnce() async throws {
        let pages = [("1", #"[{"n":1},{"n":2}]"#), ("2", #"[{"n":2},{"n":3}]"#)]
        var answers: [String: ScriptedServer.Answer] = [:]
        for (page, items) in pages {
            let body = #"{"things":\#(items),"total":4,"page":\#(page),"pageSize":2,"totalPages":2}"#
            answers["GET /things?page=\(page)&pageSize=100"] = .init(body: body)
        }
        let server = try ScriptedServer(answers)
        struct Thing: Decodable, Sendable { let n: Int }
        let settings = try settings(server.url)
        let listing: APIClient.Listing<Thing> = try await APIClient.withClient(settings, key: settings.key) { client in
            try await client.list(APIPath("things"), noun: "things")
        }
        #expect(listing.values.map(\.n) == [1, 2, 3])
        #expect(listing.json["total"] == .integer(3))
    }

    @Test func answerWithoutEndIsCutOff() async throws {
        let body = String(repeating: "x", count: 16 * 1024 * 1024 + 1)
        let server = try ScriptedServer(["GET /things": .init(body: body)])
        let failure = try await #require(throws: CommandFailure.self) {
            try await send(.get(APIPath("things")), to: server.url)
        }
        #expect(failure.message.contains("too large"))
    }

    @Test func answerInHTMLIsToldByItsStatus() async throws {
        let server = try ScriptedServer(["GET /things": .init(status: 502, body: "<html>Bad Gateway</html>")])
        let failure = try await #require(throws: APIFailure.self) {
            try await send(.get(APIPath("things")), to: server.url)
        }
        #expect(failure.wording.hasPrefix("error: the server answered 502"))
        #expect(!failure.wording.contains("html"))
    }

    @Test func serverThatIsNotThereIsNamed() async throws {
        let failure = try await #require(throws: CommandFailure.self) {
            try await send(.get(APIPath("things")), to: "http://127.0.0.1:1")
        }
        #expect(failure.wording.contains("cannot connect to http://127.0.0.1:1"))
    }

    @Test func nameCannotReachAnotherPath() {
        #expect(APIPath("project", "../user?x#y").description == "/project/..%2Fuser%3Fx%23y")
        #expect(APIPath("a", query: [("k", "1&l=2"), ("none", nil)]).description == "/a?k=1%26l%3D2")
    }
}
