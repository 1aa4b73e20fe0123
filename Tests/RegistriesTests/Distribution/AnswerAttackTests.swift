import Registries
import RegistryStubs
import Testing

/// Answers that plant, flood or put words into our mouth.
///
/// Each test is one trick that a registry, or who speaks for it, may play to get a secret, or a request, to where it does not belong;
/// each asserts that the secret reached nobody else, and that the error has a clear code.
@Suite struct AnswerAttackTests {
    /// A session cookie of the registry is never given back, to nobody.
    @Test func cookiesOfTheRegistryAreForgotten() async throws {
        let registry = TestRegistry(answer: { _ in
            .json(#"{"tags":["a"]}"#, [("Set-Cookie", "sid=1; Path=/; Domain=test")])
        })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, Canary().login())
            for _ in 0..<3 { _ = try await client.allTags("a/b") }
            #expect(server.requests.allSatisfy { $0["Cookie"] == nil })
        }
    }

    @Test(arguments: [
        WireAnswer.ok(String(repeating: "x", count: 70_000)),
        WireAnswer(steps: [.send(WireAnswer.head(200)), .sendForever(String(repeating: "x", count: 4_096))]),
        WireAnswer.json(String(repeating: #"{"token":"#, count: 7_000)),
    ])
    func hugeTokenAnswerIsRefused(answer: WireAnswer) async throws {
        let registry = TestRegistry(tokenAnswer: { _ in answer })
        try await registry.serve { server, outbound in
            let client = try outbound.registry(server.port, Canary().login())
            #expect(await registryError { _ = try await client.allTags("a/b") }?.code == .upstreamMisbehaved)
        }
    }

    /// Our messages go to users and logs: they hold nothing that the far side wrote, and no secret.
    @Test(arguments: [400, 401, 403, 404, 429, 500])
    func wordsOfTheFarSideAreNotRepeated(status: Int) async throws {
        let canary = Canary()
        let body =
            #"{"errors":[{"code":"x<script>","message":"\#(canary.text)","detail":"\#(canary.text)"}],"details":"\#(canary.text)"}"#
        for isToken in [true, false] {
            let registry = TestRegistry(
                tokenAnswer: { _ in isToken ? .json(body, status: status) : nil },
                answer: { _ in .json(body, status: status) }
            )
            try await registry.serve { server, outbound in
                let client = try outbound.registry(server.port, canary.login())
                let error = await registryError { _ = try await client.allTags("a/b") }
                let text = "\(String(describing: error)) \(error?.message ?? "") \(error?.hint ?? "")"
                #expect(!canary.isIn(text) && !text.contains("script"))
                #expect(error?.upstream?.code == nil)
            }
        }
    }
}
