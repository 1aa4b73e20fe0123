import Foundation
import Sealing
import Testing

@testable import Registries

@Suite struct TokenValueTests {
    static func token(_ payload: String) -> Secret {
        let middle = Data(payload.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return Secret("eyJhbGciOiJSUzI1NiJ9.\(middle).c2lnbmF0dXJl")
    }

    @Test func claimsTellWhatWasGranted() throws {
        let text =
            #"{"sub":"robot$p+ci","exp":1800000000,"access":[{"type":"repository","name":"p/a","actions":["pull","push"]}]}"#
        let claims = try #require(TokenClaims(unverified: TokenValueTests.token(text)))
        #expect(claims.subject == "robot$p+ci")
        #expect(claims.expiresAt == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(claims.actions(on: "p/a") == ["pull", "push"])
        #expect(claims.actions(on: "p/b").isEmpty)
    }

    /// A claim of another shape is as good as none, and the rest is still read.
    @Test(arguments: [
        #"{"sub":5,"exp":"soon","access":{}}"#, #"{"access":[{"type":1}]}"#, "{}", #"{"exp":null,"access":null}"#,
    ])
    func oddClaimsAreLeftOut(text: String) throws {
        let claims = try #require(TokenClaims(unverified: TokenValueTests.token(text)))
        #expect(claims.subject == nil && claims.expiresAt == nil && claims.access == nil)
    }

    @Test(arguments: [
        "", "opaque", "a.b", "a.b.c.d", "a.!!.c", "a..c", "a.W10.c", "dckr_pat_x",
        "a." + Data(String(repeating: "[", count: 5_000).utf8).base64EncodedString() + ".c",
        "a." + String(repeating: "A", count: 100_000) + ".c",
    ])
    func opaqueTokenHasNoClaims(text: String) {
        #expect(TokenClaims(unverified: Secret(text)) == nil)
    }

    @Test(arguments: [
        ("repository:a/b:pull", "repository|a/b|pull"), ("repository:a/b:push,pull,pull", "repository|a/b|pull,push"),
        ("registry:catalog:*", "registry|catalog|*"), ("repository:host:5000/a:pull", "repository|host:5000/a|pull"),
        ("repository(plugin):a/b:pull", "repository(plugin)|a/b|pull"), ("repository:a/b:", "repository|a/b|"),
    ])
    func scopesParse(text: String, parts: String) {
        let scope = TokenScope(text)
        #expect(scope.map { "\($0.type)|\($0.name)|\($0.actions.joined(separator: ","))" } == parts)
    }

    @Test(arguments: ["", "a", "a:b", ":a:b", "a::b", String(repeating: "a:b:c", count: 300)])
    func otherTextsAreNoScope(text: String) {
        #expect(TokenScope(text) == nil)
    }

    /// Some services look at the first scope only, so the order counts.
    @Test func scopesMergeInOrder() {
        let merged = TokenScope.merged([
            .pull("b"), .pull("a"), TokenScope(type: "repository", name: "b", actions: ["push"]),
        ])
        #expect(merged.map(\.description) == ["repository:b:pull,push", "repository:a:pull"])
    }

    @Test(
        arguments: [
            ([("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "76;w=21600")], "100|76|21600|-"),
            (
                [("X-RateLimit-Limit", "180"), ("x-ratelimit-remaining", "5"), ("X-RateLimit-Reset", "1800000000")],
                "180|5|-|1800000000"
            ),
            ([("RateLimit-Limit", "10"), ("RateLimit-Remaining", "0")], "10|0|-|-"), ([("RateLimit-Limit", "10")], nil),
            ([], nil),
            ([("RateLimit-Limit", "many"), ("RateLimit-Remaining", "1")], nil),
            ([("RateLimit-Limit", "99999999999999999999"), ("RateLimit-Remaining", "1")], nil),
        ] as [([(String, String)], String?)]
    )
    func rateBudgetIsReadFromHeaders(headers: [(String, String)], expected: String?) {
        let budget = RateBudget(OutboundHeaders(headers.map { (name: $0.0, value: $0.1) }))
        let text = budget.map { budget in
            let window = budget.windowInSeconds.map { "\($0)" } ?? "-"
            let reset = budget.resetsAt.map { "\(Int($0.timeIntervalSince1970))" } ?? "-"
            return "\(budget.limit)|\(budget.remaining)|\(window)|\(reset)"
        }
        #expect(text == expected)
    }

    @Test(
        arguments: [
            (#"</v2/a/tags/list?last=b&n=2>; rel="next""#, "https://h.test/v2/a/tags/list?last=b&n=2"),
            ("<https://h.test/x?page=2>; rel=next", "https://h.test/x?page=2"),
            (#"</p>; rel="prev", </n?a=1,2>; rel="next""#, "https://h.test/n?a=1,2"), (#"</p>; rel="prev""#, nil),
            (#"</n>; title="x"; REL="last Next""#, "https://h.test/n"), ("</n>", nil), ("", nil), ("<", nil),
            ("<>; rel=next", "https://h.test/v2/"),
            // Harbor does not escape its query again.
            (#"</api/v2.0/x?q=name=~a b&page=2>; rel="next""#, "https://h.test/api/v2.0/x?q=name=~a%20b&page=2"),
        ] as [(String, String?)]
    )
    func nextLinkIsFound(value: String, expected: String?) throws {
        let head = OutboundHead(
            status: 200,
            headers: OutboundHeaders([(name: "Link", value: value)]),
            url: try OutboundURL("https://h.test/v2/")
        )
        #expect(try PageLink.next(in: OutboundResponse(head: head, body: []))?.text == expected)
    }

    @Test(arguments: [
        "<https://other.test/x>; rel=next", "<http://h.test/x>; rel=next", "<https://h.test:444/x>; rel=next",
        "<//other.test/x>; rel=next", "<https://u:p@h.test/x>; rel=next", "<ftp://h.test/x>; rel=next",
    ])
    func linkToAnotherOriginIsRefused(value: String) throws {
        let head = OutboundHead(
            status: 200,
            headers: OutboundHeaders([(name: "Link", value: value)]),
            url: try OutboundURL("https://h.test/v2/")
        )
        let response = OutboundResponse(head: head, body: [])
        #expect(throws: RegistryError.self) { try PageLink.next(in: response) }
    }

    @Test func base64IsTheStandardOne() {
        for count in 0..<40 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.encoded(bytes) == text)
            #expect(Base64.decodedURL(text) == bytes)
            #expect(
                Base64.decodedURL(text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""))
                    == bytes
            )
        }
        #expect(Base64.decodedURL("a b") == nil)
    }
}
