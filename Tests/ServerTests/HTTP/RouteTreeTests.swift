import HTTPTypes
import Testing

@testable import Server

/// Which route a request finds. Source: OpenAPI 3.0, "Path Templating Matching": concrete paths go before templated ones.
@Suite struct RouteTreeTests {
    private static let tree = {
        var tree = RouteTree<String>()
        tree.add(.get, "/", "root")
        tree.add(.get, "/project", "projects")
        tree.add(.get, "/project/{projectId}", "project")
        tree.add(.patch, "/project/{id}", "change")
        tree.add(.delete, "/project/own", "own")
        tree.add(.get, "/project/{projectId}/member", "members")
        tree.add(.get, "/project/{projectId}/member/{userId}", "member")
        tree.add(.get, "/project/own/limit", "limit")
        return tree
    }()

    private static func find(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch tree.find(method, path) {
        case .found(let handler, _): handler
        case .otherMethods(let methods): "only \(methods.map(\.rawValue).sorted().joined(separator: " "))"
        case .nothing: "nothing"
        }
    }

    @Test(
        arguments: [
            (.get, "/", "root"), (.get, "", "root"), (.get, "/project", "projects"), (.get, "/project/7", "project"),
            (.get, "/project/7/member", "members"), (.get, "/project/7/member/8", "member"),
            // What is written out goes before a parameter, …
            (.delete, "/project/own", "own"), (.get, "/project/own/limit", "limit"),
            // … under every method when the path ends there, …
            (.get, "/project/own", "only DELETE"), (.patch, "/project/own", "only DELETE"),
            // … and where it leads nowhere the parameter takes its text.
            (.get, "/project/own/member", "members"), (.get, "/project/own/member/8", "member"),
            // An empty segment counts for nothing.
            (.get, "/project/", "projects"), (.get, "/project/7/", "project"), (.get, "//project//7", "project"),
            // An encoded slash separates nothing, and case and encoding matter.
            (.get, "/project/a%2Fmember", "project"), (.get, "/project%2F7", "nothing"), (.get, "/Project", "nothing"),
            (.get, "/%70roject", "nothing"), (.get, "/project/7/..", "nothing"),
            (.get, "/project/{projectId}", "project"), (.get, "/{projectId}", "nothing"),
            (.get, "/nothing", "nothing"), (.get, "/project/7/member/8/9", "nothing"),
            (.get, "/project/7/other", "nothing"), (.get, "/project/own/limit/1", "nothing"),
            (.post, "/project", "only GET"), (.post, "/project/7", "only GET PATCH"),
            (.post, "/project/own", "only DELETE"), (.get, "/project/own/member/limit", "member"),
            (.put, "/", "only GET"), (.put, "/nothing", "nothing"),
        ] as [(HTTPRequest.Method, String, String)]
    )
    func aRequestFindsItsRoute(method: HTTPRequest.Method, path: String, expected: String) {
        #expect(Self.find(method, path) == expected)
    }

    /// They are decoded by who reads them, once.
    @Test func parametersAreTheTextsThatWereSent() throws {
        guard case .found(_, let parameters) = Self.tree.find(.get, "/project/a%2Fb%20%ff/member/%") else {
            Issue.record("no route")
            return
        }
        #expect(parameters.get("projectId") == "a%2Fb%20%ff" && parameters.get("userId") == "%")
        #expect(parameters.get("other") == nil)
    }

    /// Two methods of one path may name a parameter differently, and a way that led nowhere leaves no text behind.
    @Test func eachRouteHasItsOwnParameters() throws {
        guard case .found("change", let parameters) = Self.tree.find(.patch, "/project/7") else {
            Issue.record("no route")
            return
        }
        #expect(parameters.get("id") == "7" && parameters.get("projectId") == nil)
        guard case .found("member", let texts) = Self.tree.find(.get, "/project/own/member/me") else {
            Issue.record("no route")
            return
        }
        #expect(texts.get("projectId") == "own" && texts.get("userId") == "me")
    }

    @Test func aPathOfManySegmentsIsNoTrouble() {
        #expect(Self.find(.get, String(repeating: "/project", count: 100_000)) == "nothing")
        #expect(Self.find(.get, String(repeating: "/", count: 100_000)) == "root")
    }
}
