import TestSupport
import Testing

@Suite("Wrong keys")
struct ThrottleTests {
    @Test func manyAreRefusedWith429AndARightOnePassesMeanwhile() async throws {
        try await withServer { server async throws in
            let (guesser, right) = (server.caller("prq_guess").from("127.9.9.9"), server.admin.from("127.9.9.9"))
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<40 { group.addTask { try await guesser.get("/user/profile") } }
                group.addTask { try await right.get("/user/profile") }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 200 } == 1, "a right key is never held up")
            #expect(answers.count { $0.status == 401 } == 19)
            let refused = answers.filter { $0.status == 429 }
            #expect(refused.count == 21)
            #expect(refused.allSatisfy { $0.code == "too-many-attempts" && $0["retry-after"] == "60" })
            #expect(try await right.get("/user/profile").status == 200)
            #expect(
                try await server.caller("prq_guess").from("127.9.9.8").get("/user/profile").status == 401,
                "by address"
            )
            let exchange = try await server.caller(nil).from("127.9.9.9").exchange("prq_guess")
            #expect(exchange.status == 429, "the token exchange counts with the rest")
            #expect(try await server.caller(nil).from("127.9.9.9").exchange(server.first.key).status == 200)
            let metrics = try await server.admin.get("/metrics").text
            #expect(metrics.contains("pratique_wrong_keys_total 42\n"), "\(metrics)")
        }
    }

    @Test func aRequestWithoutAKeyIsNoAttempt() async throws {
        try await withServer { server async throws in
            for _ in 0..<30 {
                #expect(try await server.caller(nil).from("127.9.9.7").get("/user/profile").status == 401)
            }
        }
    }
}
