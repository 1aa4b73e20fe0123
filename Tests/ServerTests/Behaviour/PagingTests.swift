import TestSupport
import Testing

/// Promise 7: lists are complete.
@Suite("Paging")
struct PagingTests {
    private func withCredentials(_ count: Int, _ body: (RunningServer, [String]) async throws -> Void) async throws {
        try await withServer { server async throws in
            var ids: [String] = []
            for number in 0..<count { ids.append(try await server.store("harbor", label: "n\(number)")) }
            try await body(server, ids)
        }
    }

    /// Follows the `next` links from `target` to the end.
    private func follow(_ target: String, _ server: RunningServer) async throws -> [Answer] {
        var answers: [Answer] = []
        var next: String? = target
        while let current = next, answers.count < 100 {
            let answer = try await server.admin.get(current)
            try #require(answer.status == 200, "\(answer)")
            answers.append(answer)
            next = answer.links["next"]
        }
        return answers
    }

    @Test func theUnionOfThePagesIsTheSetInTheOrderOfStoring() async throws {
        try await withCredentials(23) { server, ids in
            let organization = "/organization/\(server.first.organization)/credentials"
            for target in [
                "\(organization)?pageSize=5", "\(organization)?limit=5&kind=harbor", "\(organization)?page=1",
            ] {
                let pages = try await follow(target, server)
                #expect(try pages.flatMap { try $0.json["credentials"].items.compactMap { $0["id"].string } } == ids)
                for (index, page) in pages.enumerated() {
                    #expect(page["x-total-count"] == "23")
                    let json = try page.json
                    #expect(json["total"] == 23 && json["page"] == .integer(index + 1))
                    #expect(json["totalPages"] == .integer(pages.count))
                }
            }
        }
    }

    @Test func aPlainArrayIsWholeByDefaultAndPagedWhenAsked() async throws {
        try await withCredentials(23) { server, ids in
            for path in [
                CredentialPath.collection("harbor", server.first.organization),
                "/integrations/harbor/container-registry/project/\(server.first.project)/credentials",
            ] {
                let whole = try await server.admin.get(path)
                #expect(try whole.json.items.compactMap { $0["id"].string } == ids)
                #expect(whole["x-total-count"] == "23" && whole["link"] == nil)
                let pages = try await follow("\(path)?page=1", server)
                #expect(try pages.map { try $0.json.items.count } == [20, 3])
                #expect(try pages.flatMap { try $0.json.items.compactMap { $0["id"].string } } == ids)
            }
            let grouped = try await server.admin.get(
                "/integrations/container-registry/organization/\(server.first.organization)/credentials"
            )
            #expect(try grouped.json["harbor"].items.compactMap { $0["id"].string } == ids)
        }
    }

    @Test func linksLeadToFirstPreviousNextAndLast() async throws {
        try await withCredentials(5) { server, _ in
            let path = "/organization/\(server.first.organization)/credentials"
            let middle = try await server.admin.get("\(path)?kind=harbor&page=2&pageSize=2")
            #expect(
                middle.links == [
                    "first": "\(path)?kind=harbor&page=1&pageSize=2", "prev": "\(path)?kind=harbor&page=1&pageSize=2",
                    "next": "\(path)?kind=harbor&page=3&pageSize=2", "last": "\(path)?kind=harbor&page=3&pageSize=2",
                ]
            )
            let first = try await server.admin.get("\(path)?pageSize=2")
            #expect(first.links["prev"] == nil && first.links["next"] != nil)
            let last = try await server.admin.get("\(path)?page=3&pageSize=2")
            #expect(last.links["next"] == nil && last.links["prev"] != nil)
            let beyond = try await server.admin.get("\(path)?page=99&pageSize=2")
            #expect(try beyond.json["credentials"] == [] && beyond.json["total"] == 5)
            #expect(beyond.links["prev"] == "\(path)?page=3&pageSize=2" && beyond.links["next"] == nil)
        }
    }

    @Test func aSizeAboveTheMaximumIsTakenAsTheMaximum() async throws {
        try await withCredentials(2) { server, _ in
            let answer = try await server.admin.get(
                "/organization/\(server.first.organization)/credentials?pageSize=100000"
            )
            #expect(try answer.json["pageSize"] == 100)
            let largest = try await server.admin.get(
                "/organization/\(server.first.organization)/credentials?page=9223372036854775807&pageSize=100"
            )
            #expect(try largest.status == 200 && largest.json["credentials"] == [])
        }
    }

    @Test(arguments: ["page=0", "page=-1", "page=x", "page=", "pageSize=0", "limit=1.5", "page=99999999999999999999"])
    func aPageThatIsNoneIsRefused(query: String) async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.get("/organizations?\(query)")
            #expect(answer.status == 400 && answer.fields == [String(query.prefix { $0 != "=" })], "\(answer)")
        }
    }
}

extension Answer {
    /// The targets of the `Link` header by relation.
    var links: [String: String] {
        var links: [String: String] = [:]
        for match in (self["link"] ?? "").matches(of: /<([^>]*)>; rel="([a-z]+)"/) {
            links[String(match.2)] = String(match.1)
        }
        return links
    }
}
