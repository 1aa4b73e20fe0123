import Foundation
import Testing

@testable import pratique

/// `pratique credential verify` and `health` against a scripted server.
@Suite struct CredentialProofTests {
    static let organization = "0198c0de-0000-7000-8000-00000000000a"
    static let credential = "0198c0de-0000-7000-8000-00000000000c"
    static let item = "/integrations/harbor/container-registry/organization/\(organization)/credentials/\(credential)"

    private func run(_ arguments: [String], _ answers: [String: ScriptedServer.Answer]) async throws
        -> (CommandRun, ScriptedServer)
    {
        let found = #"{"id":"\#(Self.credential)","registryType":"harbor","name":"ci","harborUrl":"https://h"}"#
        let read = "GET /organization/\(Self.organization)/credentials/\(Self.credential)"
        let server = try ScriptedServer([read: .init(body: found)].merging(answers) { $1 })
        let variables = [
            "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_ORGANIZATION": Self.organization,
            "XDG_CONFIG_HOME": "/nonexistent",
        ]
        return (try await CommandRun(arguments, variables: variables), server)
    }

    private static func verification(_ state: String, rights: String = "{}", more: String = "") -> String {
        """
        {"credentialId":"\(credential)","state":"\(state)","checkedAt":"2026-01-01T00:00:00.000Z","expiresAt":null,
        "expirySource":"unknown","rights":\(rights),"steps":[
        {"name":"address","outcome":"passed","detail":"answers","durationMilliseconds":4},
        {"name":"credential","outcome":"failed","detail":"not taken","code":"registry-auth-failed","durationMilliseconds":0},
        {"name":"pull","outcome":"skipped","detail":"not tried","durationMilliseconds":0}]\(more)}
        """
    }

    @Test func everyStepIsShownAndARefusalIsExitStatusOne() async throws {
        let body = Self.verification("rejected", more: #","advice":"rotate it","registryVersion":"Harbor v2.13.1""#)
        let (run, _) = try await run(
            ["credential", "verify", Self.credential],
            ["POST \(Self.item)/verify": .init(body: body)]
        )
        #expect(run.exitCode == 1)
        #expect(
            run.output == """
                ci: https://h
                  ✓ address     answers  (4 ms)
                  ✗ credential  not taken
                  - pull        not tried
                State     rejected
                Registry  Harbor v2.13.1
                Expires   unknown; tell it with --expires-at when it is stored or rotated
                Advice    rotate it

                """
        )
        #expect(run.complaints.isEmpty, "an exit status says it, and needs no words")
    }

    @Test(arguments: [("verified", 0), ("excessive", 0), ("insufficient", 1), ("unreachable", 1), ("unverified", 1)])
    func onlyWhatWorksIsExitStatusZero(state: String, code: Int32) async throws {
        let rights = #"{"held":["repository:pull"],"missing":[],"excess":["repository:push"]}"#
        let (run, _) = try await run(
            ["credential", "verify", Self.credential],
            ["POST \(Self.item)/verify": .init(body: Self.verification(state, rights: rights))]
        )
        #expect(run.exitCode == code)
        #expect(run.output.contains("Too much  repository:push\n") && !run.output.contains("Missing"))
    }

    @Test func theLastProofIsReadWithoutANewOne() async throws {
        let (run, server) = try await run(
            ["credential", "verify", Self.credential, "--last", "-o", "json"],
            ["GET \(Self.item)/verification": .init(body: Self.verification("verified", more: #","new":1"#))]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["new"] == .integer(1))
        #expect(!server.requests.contains { $0.line.hasPrefix("POST") })
    }

    @Test func aTokenServiceIsApprovedByName() async throws {
        let (run, server) = try await run(
            ["credential", "verify", Self.credential, "--approve-realm", "https://auth.example.org"],
            ["POST \(Self.item)/verify": .init(body: Self.verification("verified"))]
        )
        #expect(run.exitCode == 0)
        let sent = try #require(server.requests.last).body
        #expect(sent == #"{"approveRealm":"https:\/\/auth.example.org"}"#)
    }

    @Test func coloursAreForTerminals() {
        let report = CredentialVerification(
            state: "excessive",
            steps: [.init(name: "tls", outcome: "warning", detail: "\u{1B}[2Jold", code: nil, durationMilliseconds: 1)],
            rights: nil,
            expiresAt: "2027-01-01T00:00:00Z",
            expirySource: "user",
            registryVersion: nil,
            advice: nil,
            checkedAt: nil
        )
        #expect(
            report.report(styled: true)
                == "  \u{1B}[33m!\u{1B}[0m tls  [2Jold\u{1B}[2m  (1 ms)\u{1B}[0m\n"
                + "\u{1B}[1mState\u{1B}[0m    \u{1B}[33mexcessive\u{1B}[0m\n"
                + "\u{1B}[1mExpires\u{1B}[0m  2027-01-01T00:00:00Z (as somebody said)\n"
        )
        #expect(!report.report(styled: false).contains("\u{1B}"))
    }

    private static func health(broken: Int) -> String {
        let item = """
            {"id":"\(credential)","registryType":"harbor","name":"ci","lastUsedAt":null,
            "verification":{"state":"rejected","checkedAt":null,"expiresAt":null,"expirySource":"unknown"},"projectIds":["\(organization)"]}
            """
        let none = #"{"total":0,"credentials":[]}"#
        return """
            {"total":7,"at":"2026-01-01T00:00:00Z","byState":{"verified":\(7 - broken),"rejected":\(broken),"excessive":0},
            "expiringWithinDays":{"1":0,"7":1,"14":1,"30":2},
            "broken":{"total":\(broken),"credentials":[\(broken > 0 ? item : "")]},
            "tooStrong":\(none),"expired":\(none),"expiring":\(none),"unused":\(none),
            "projects":{"total":\(broken > 0 ? 1 : 0),"projects":[{"projectId":"\(organization)","name":"shop","total":1,"credentialIds":[]}]}}
            """
    }

    @Test func healthTellsWhatIsBrokenAndWhoLosesIt() async throws {
        let path = "GET /organization/\(Self.organization)/credentials/health"
        let (broken, _) = try await run(["credential", "health"], [path: .init(body: Self.health(broken: 2))])
        #expect(broken.exitCode == 1)
        #expect(broken.output.contains("States       5 verified, 2 rejected\n"))
        #expect(broken.output.contains("Ending       1 within 7 d, 1 within 14 d, 2 within 30 d\n"))
        #expect(
            broken.output.contains("\nBroken: 2\n") && broken.output.contains("and 1 more; --limit shows up to 100\n")
        )
        #expect(broken.output.contains("Projects that lose something: 1\n"))
        let (well, _) = try await run(["credential", "health"], [path: .init(body: Self.health(broken: 0))])
        #expect(well.exitCode == 0 && !well.output.contains("Broken"))
    }

    @Test func storingSendsWhatTheRegistryNeedsAndAsksForProof() async throws {
        let folder = try TemporaryFolder()
        let ca = folder.path + "/ca.pem"
        try "-----BEGIN CERTIFICATE-----\n".write(toFile: ca, atomically: true, encoding: .utf8)
        let path = "/integrations/oci/container-registry/organization/\(Self.organization)/credentials"
        let (run, server) = try await run(
            [
                "credential", "add", "oci", "--registry-url", "https://r", "--username", "ci", "--project",
                Self.credential, "--repository", "team/app", "--repository", "team/worker", "--registry-ca-certificate",
                ca, "--expires-at", "2027-01-31", "--verify", "--password-file", ca,
            ],
            ["POST \(path)?verify=wait": .init(status: 201, body: #"{"id":"\#(Self.credential)"}"#)]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.last).body.utf8))
        #expect(sent["repositories"] == .strings(["team/app", "team/worker"]))
        #expect(sent["caCertificatePem"] == .string("-----BEGIN CERTIFICATE-----\n"))
        #expect(sent["expiresAt"] == .string("2027-01-31T00:00:00Z"))
    }

    @Test(arguments: [
        ["--expires-at", "tomorrow"], ["--registry-client-certificate", "x"], ["--registry-client-key", "x"],
    ])
    func whatCannotWorkIsWrongUsage(flags: [String]) async throws {
        let arguments = ["credential", "add", "oci", "--registry-url", "https://r", "--username", "ci"] + flags
        let (run, server) = try await run(arguments, [:])
        #expect(run.exitCode == 64)
        #expect(server.requests.isEmpty)
    }
}
