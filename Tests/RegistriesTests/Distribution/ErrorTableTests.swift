import Testing

@testable import Registries

/// What an answer with an error status means; one row each.
@Suite struct ErrorTableTests {
    static func answer(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) throws
        -> OutboundResponse
    {
        OutboundResponse(
            head: OutboundHead(
                status: status,
                headers: OutboundHeaders(headers.map { (name: $0.0, value: $0.1) }),
                url: try OutboundURL("https://h.test/v2/")
            ),
            body: Array(body.utf8)
        )
    }

    static func body(_ code: String) -> String { #"{"errors":[{"code":"\#(code)","message":"m"}]}"# }

    @Test(
        arguments: [
            (401, "UNAUTHORIZED", RegistrySubject.tag, RequestStanding.secret, "registry-auth-failed"),
            (401, "UNAUTHORIZED", .tag, .grantedToken, "insufficient-scope"),
            (401, "", .tag, .anonymous, "registry-auth-failed"),
            (403, "DENIED", .tag, .grantedToken, "insufficient-scope"),
            (404, "NAME_UNKNOWN", .tag, .secret, "repository-not-found"),
            (404, "MANIFEST_UNKNOWN", .repository, .secret, "tag-not-found"),
            (404, "NOT_FOUND", .tag, .secret, "tag-not-found"),
            (404, "", .repository, .secret, "repository-not-found"),
            (404, "", .project, .secret, "registry-project-not-found"),
            (404, "", .catalog, .secret, "registry-unsupported"),
            (404, "", .support, .anonymous, "registry-unsupported"),
            (404, "BLOB_UNKNOWN", .blob, .secret, "registry-misbehaved"),
            (400, "NAME_INVALID", .tag, .secret, "repository-not-found"),
            (405, "UNSUPPORTED", .tag, .secret, "registry-unsupported"),
            (412, "PROJECTPOLICYVIOLATION", .tag, .secret, "policy-blocked"),
            (429, "TOOMANYREQUESTS", .tag, .secret, "rate-limited"),
            (400, "TOOMANYREQUESTS", .tag, .secret, "rate-limited"),
            (500, "UNKNOWN", .tag, .secret, "registry-failed"), (502, "", .tag, .secret, "registry-failed"),
            (503, "", .tag, .secret, "registry-failed"),
            (504, "", .tag, .secret, "registry-timeout"), (408, "", .tag, .secret, "registry-timeout"),
            (422, "", .tag, .secret, "registry-misbehaved"),
            (400, "", .tag, .secret, "registry-misbehaved"), (200, "", .tag, .secret, "registry-misbehaved"),
            (302, "", .tag, .secret, "registry-misbehaved"),
        ] as [(Int, String, RegistrySubject, RequestStanding, String)]
    )
    func statusAndCodeHaveOneMeaning(
        status: Int,
        word: String,
        subject: RegistrySubject,
        standing: RequestStanding,
        code: String
    ) throws {
        let answer = try ErrorTableTests.answer(status, word.isEmpty ? "" : ErrorTableTests.body(word))
        let error = RegistryError(answer: answer, about: subject, as: standing)
        #expect(error.code.description == code)
        #expect(error.upstream == .init(registry: "h.test", status: status, code: word.isEmpty ? nil : word))
        #expect(error.message.hasPrefix("h.test "))
    }

    @Test func pauseComesWithTheError() throws {
        for status in [429, 503] {
            let answer = try ErrorTableTests.answer(status, "", [("Retry-After", "60")])
            #expect(RegistryError(answer: answer, about: .tag, as: .secret).retryAfter == .seconds(60))
        }
        let answer = try ErrorTableTests.answer(500, "", [("Retry-After", "60")])
        #expect(RegistryError(answer: answer, about: .tag, as: .secret).retryAfter == nil)
    }

    /// Bodies on errors are whatever the server likes.
    @Test(arguments: [
        "<html>", "{", "[]", #"{"errors":null}"#, #"{"errors":{}}"#, #"{"errors":[]}"#, #"{"errors":[{"code":5}]}"#,
        #"{"errors":["x"]}"#,
        #"{"errors":[{"code":"lower"}]}"#, #"{"errors":[{"code":"A B"}]}"#,
        #"{"errors":[{"code":"\#(String(repeating: "A", count: 70))"}]}"#,
        String(repeating: "[", count: 60_000), "{" + String(repeating: #""a":{"#, count: 10_000), "\u{0}",
    ])
    func otherBodiesHaveNoWord(body: String) throws {
        #expect(RegistryError.word(in: Array(body.utf8)) == nil)
    }
}
