import Registries
import Testing

/// Source of the shapes: RFC 9110, section 11.6.1, and what registries really send.
@Suite struct ChallengeTests {
    static func parsed(_ values: String...) -> [String] {
        AuthenticationChallenge.challenges(in: values).map { challenge in
            let parameters = challenge.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return ([challenge.scheme] + parameters).joined(separator: "|")
        }
    }

    @Test(
        arguments: [
            (#"Basic realm="harbor""#, ["basic|realm=harbor"]),
            (#"bEaReR ReAlM="https://a/t",SERVICE="s""#, ["bearer|realm=https://a/t|service=s"]),
            (
                #"Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push""#,
                ["bearer|realm=https://a/t|scope=repository:a/b:pull,push|service=s"]
            ),
            (#"Basic realm="x", Bearer realm="https://a/t""#, ["basic|realm=x", "bearer|realm=https://a/t"]),
            (
                #"Bearer realm="https://a/t",error="invalid_token", Basic realm="x""#,
                ["bearer|error=invalid_token|realm=https://a/t", "basic|realm=x"]
            ),
            (#"Bearer realm="a \"quoted, b\\ c\"",service=x"#, [#"bearer|realm=a "quoted, b\ c"|service=x"#]),
            ("Bearer realm=https://a/t , service = s", ["bearer|realm=https://a/t|service=s"]),
            ("Negotiate, NTLM, Basic realm=x", ["negotiate", "ntlm", "basic|realm=x"]),
            ("Negotiate YII=, Bearer realm=\"r\"", ["negotiate|yii=", "bearer|realm=r"]),
            (
                #"Digest realm="d", qop="auth,auth-int", Bearer realm="r""#,
                ["digest|qop=auth,auth-int|realm=d", "bearer|realm=r"]
            ),
            (#"Bearer realm="first",realm="second""#, ["bearer|realm=first"]),
            (#",,  , Bearer ,realm="r",,service="s","#, ["bearer|realm=r|service=s"]),
            (#"Bearer realm="unterminated, service=x"#, ["bearer|realm=unterminated, service=x"]),
            (#"Bearer realm="#, ["bearer|realm="]), (#"Bearer"#, ["bearer"]), ("", []), ("=", []), ("\"a, b\"", []),
            ("Bearer\trealm=\"r\"", ["bearer|realm=r"]),
            (#"Bearer realm="r"; service="s""#, ["bearer|realm=r|service=s"]),
        ] as [(String, [String])]
    )
    func challengesAreTakenApart(value: String, expected: [String]) {
        #expect(ChallengeTests.parsed(value) == expected)
    }

    @Test func severalHeadersAreReadInOrder() {
        let found = ChallengeTests.parsed(#"Basic realm="a""#, #"Bearer realm="b""#, "junk ((", #"Basic realm="c""#)
        #expect(found.first == "basic|realm=a")
        #expect(found.contains("bearer|realm=b"))
        #expect(found.last == "basic|realm=c")
    }

    @Test func scopesOfAChallengeAreRead() {
        let value =
            #"Bearer realm="r",scope="repository:a/b:pull,push registry:catalog:* junk repository:host:5000/c:pull""#
        let scopes = AuthenticationChallenge.challenges(in: [value]).first?.scopes.map(\.description)
        #expect(scopes == ["repository:a/b:pull,push", "registry:catalog:*", "repository:host:5000/c:pull"])
    }

    @Test func whatIsReadIsBounded() {
        let many = Array(repeating: #"Bearer realm="r""#, count: 1_000).joined(separator: ",")
        #expect(AuthenticationChallenge.challenges(in: [many]).count <= 16)
        #expect(AuthenticationChallenge.challenges(in: [String(repeating: "a", count: 1 << 20)]).isEmpty)
        let wide = "Bearer " + (0..<1_000).map { "p\($0)=v" }.joined(separator: ",")
        #expect(AuthenticationChallenge.challenges(in: [wide]).allSatisfy { $0.parameters.count <= 32 })
    }

    /// Whatever the order, case and spacing, the parameters come out; whatever is broken into it, nothing worse than less happens.
    @Test func writtenChallengesAreReadBack() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...4, using: &generator)
            let challenges = (0..<count).map { _ in ChallengeTests.random(&generator) }
            let text = challenges.map { ChallengeTests.written($0, &generator) }.joined(separator: ", ")
            let read = AuthenticationChallenge.challenges(in: [text])
            #expect(read.map(\.scheme) == challenges.map(\.scheme), "\(text)")
            #expect(read.map(\.parameters) == challenges.map(\.parameters), "\(text)")

            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            let broken = AuthenticationChallenge.challenges(in: [String(decoding: bytes, as: UTF8.self)])
            #expect(broken.count <= 16)
        }
    }

    static func random(_ generator: inout SystemRandomNumberGenerator) -> (scheme: String, parameters: [String: String])
    {
        let values = [
            "", "x", "a,b", #"q"uo\te"#, "https://h/t?x=1&y=2", "repository:a/b:pull,push", " spaced ", "=;,",
        ]
        let names = ["realm", "service", "scope", "error", "x-other"]
        var parameters: [String: String] = [:]
        for name in names where Bool.random(using: &generator) {
            parameters[name] = values.randomElement(using: &generator)
        }
        return (["bearer", "basic", "digest", "x"].randomElement(using: &generator) ?? "x", parameters)
    }

    static func written(
        _ challenge: (scheme: String, parameters: [String: String]),
        _ generator: inout SystemRandomNumberGenerator
    ) -> String {
        let scheme = Bool.random(using: &generator) ? challenge.scheme.uppercased() : challenge.scheme
        let parameters = challenge.parameters.map { name, value in
            let quoted = value.replacing(#"\"#, with: #"\\"#).replacing("\"", with: "\\\"")
            let space = Bool.random(using: &generator) ? " " : ""
            return "\(Bool.random(using: &generator) ? name.uppercased() : name)\(space)=\(space)\"\(quoted)\""
        }
        return "\(scheme) \(parameters.joined(separator: Bool.random(using: &generator) ? "," : " , "))"
    }
}
