import Foundation
import Registries
import RegistryStubs
import Testing

/// A far side that pages `tags/list` in one of the ways registries do.
struct PagingServer: Sendable {
    enum Style: Sendable, CaseIterable {
        /// `Link` with a path.
        case relativeLink
        /// `Link` with the whole URL.
        case absoluteLink
        /// `Link` with the whole URL, and in it the host that the server is configured with, as Quay has it.
        case otherHostLink
        /// No `Link`; a full page means that there is more.
        case lastOnly
        /// No `Link`, and pages shorter than asked for.
        case silentlyCapped
    }

    let names: [String]
    private let places: [String: Int]
    let style: Style
    /// The most on a page, whatever is asked for.
    var cap: Int
    /// How many of the page before come again at the start of each page.
    var overlap: Int

    init(names: [String], style: Style, cap: Int = .max, overlap: Int = 0) {
        self.names = names
        places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        self.style = style
        self.cap = cap
        self.overlap = overlap
    }

    func answer(_ request: WireRequest) -> WireAnswer {
        let query = Dictionary(
            (request.target.split(separator: "?").dropFirst().first ?? "").split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]).removingPercentEncoding ?? "" : "")
            },
            uniquingKeysWith: { first, _ in first }
        )
        let size = min(query["n"].flatMap { Int($0) } ?? 100, cap)
        let start = query["last"].flatMap { places[$0] }.map { max(0, $0 + 1 - overlap) } ?? 0
        let end = min(start + size, names.count)
        let page = names[start..<end]
        var headers: [(String, String)] = []
        let host: String? =
            switch style {
            case .relativeLink: ""
            case .absoluteLink: "http://\(request["Host"] ?? "")"
            case .otherHostLink: "https://configured.example:8443"
            case .lastOnly, .silentlyCapped: nil
            }
        if end < names.count, let last = page.last, let host {
            let target = "/v2/a/b/tags/list?last=\(last)&n=\(size)"
            headers = [("Link", "<\(host)\(target)>; rel=\"next\"")]
        }
        return .json(#"{"name":"a/b","tags":["# + page.map { #""\#($0)""# }.joined(separator: ",") + "]}", headers)
    }
}

@Suite struct ListTests {
    static func names(_ count: Int) -> [String] { (0..<count).map { String(format: "tag-%06d", $0) } }

    static func all(_ server: PagingServer) async throws -> (tags: [String], requests: Int) {
        try await WireServer.run {
            server.answer($0)
        } _: { wire in
            try await withOutbound { outbound in
                let tags = try await outbound.registry(wire.port).allTags("a/b")
                return (tags, wire.requests.count)
            }
        }
    }

    /// The union of the pages is the set, for every style, size and cap.
    @Test(arguments: PagingServer.Style.allCases)
    func listsAreComplete(style: PagingServer.Style) async throws {
        for count in [0, 1, 49, 50, 99, 100, 101, 999, 1_000, 1_001, 10_001] {
            for _ in 0..<(count > 2_000 ? 1 : 2) {
                var server = PagingServer(names: ListTests.names(count), style: style)
                switch style {
                case .lastOnly: server.cap = 1_000
                case .silentlyCapped: server.cap = [50, 100, 200, 500].randomElement() ?? 100
                default: server.cap = Int.random(in: 90...2_000)
                }
                let result = try await ListTests.all(server)
                #expect(result.tags == server.names, "\(count) names, pages of \(server.cap)")
                #expect(result.requests <= count / min(server.cap, 1_000) + 2)
            }
        }
    }

    @Test func namesThatComeTwiceAreListedOnce() async throws {
        for style in [PagingServer.Style.relativeLink, .absoluteLink] {
            let server = PagingServer(names: ListTests.names(300), style: style, cap: 100, overlap: 7)
            #expect(try await ListTests.all(server).tags == server.names)
        }
    }

    @Test(arguments: [#"{"name":"a/b","tags":null}"#, #"{"name":"a/b"}"#, #"{"tags":[]}"#])
    func emptyListHasManyShapes(body: String) async throws {
        try await WireServer.run { _ in
            .json(body)
        } _: { server in
            try await withOutbound { outbound in
                let tags = try await outbound.registry(server.port).allTags("a/b")
                #expect(tags.isEmpty)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test(arguments: [
        "", "<html>", "[]", #"{"tags":[1]}"#, #"{"tags":"x"}"#, String(repeating: #"{"a":"#, count: 1_000),
    ])
    func whatIsNoListIsAnError(body: String) async throws {
        try await WireServer.run { _ in
            .json(body)
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port)
                #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .upstreamMisbehaved)
            }
        }
    }

    /// A link to where one was already, and links that always lead on to nothing new.
    @Test(arguments: ["/v2/a/b/tags/list?last=x", "/v2/a/b/tags/list?last=%"])
    func circleOfLinksIsRefused(link: String) async throws {
        try await WireServer.run { _ in
            let target = link.replacing("%", with: UUID().uuidString)
            return .json(#"{"tags":["x"]}"#, [("Link", "<\(target)>; rel=\"next\"")])
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port)
                let error = await registryError { _ = try await client.allTags("a/b") }
                #expect(error?.code == .upstreamMisbehaved)
                #expect(error?.message.contains("circle") == true)
                #expect(server.requests.count <= 5)
            }
        }
    }

    @Test func endlessListIsRefused() async throws {
        try await WireServer.run { _ in
            let names = (0..<20_000).map { _ in #""\#(UUID().uuidString)""# }.joined(separator: ",")
            return .json(
                #"{"tags":[\#(names)]}"#,
                [("Link", "</v2/a/b/tags/list?last=\(UUID().uuidString)>; rel=\"next\"")]
            )
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port)
                #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .upstreamMisbehaved)
                #expect(server.requests.count == 6)
            }
        }
    }

    @Test func registryThatRefusesLargePagesIsAskedForSmallerOnes() async throws {
        let paging = PagingServer(names: ListTests.names(250), style: .relativeLink, cap: 100)
        try await WireServer.run { request in
            request.target.contains("n=1000")
                ? .json(#"{"errors":[{"code":"PAGINATION_NUMBER_INVALID"}]}"#, status: 400) : paging.answer(request)
        } _: { server in
            try await withOutbound { outbound in
                let tags = try await outbound.registry(server.port).allTags("a/b")
                #expect(tags == paging.names)
            }
        }
    }

    @Test func catalogueIsListedWithItsOwnRight() async throws {
        let registry = TestRegistry(answer: { _ in .json(#"{"repositories":["a/b","c"]}"#) })
        try await WireServer.run {
            registry.handle($0)
        } _: { server in
            try await withOutbound { outbound in
                let names = try await outbound.registry(server.port).allRepositories()
                #expect(names == ["a/b", "c"])
                #expect(server.targets.contains { $0.contains("scope=registry%3Acatalog%3A%2A") })
            }
        }
    }

    @Test(arguments: [
        "", "A/b", "a//b", "../etc", "a/b/", "a b", "a%2Fb", "a?x=1", "a/b:tag", "a#b",
        String(repeating: "a", count: 256),
    ])
    func whatIsNoRepositoryIsNotAskedFor(name: String) async throws {
        try await WireServer.run { _ in
            .json("{}")
        } _: { server in
            try await withOutbound { outbound in
                let client = try outbound.registry(server.port)
                #expect(await registryError { _ = try await client.allTags(name) }?.code == .repositoryNotFound)
                #expect(server.requests.isEmpty)
            }
        }
    }
}
