import Foundation
import Testing

@testable import pratique

/// The built program against a scripted server: what it prints where, and how it ends.
@Suite struct CommandRunTests {
    static let organization = "0198c0de-0000-7000-8000-00000000000a"
    static let project = "0198c0de-0000-7000-8000-00000000000b"
    static let credential = "0198c0de-0000-7000-8000-00000000000c"
    static let store = "/integrations/harbor/container-registry/organization/\(organization)/credentials"

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func variables(_ server: ScriptedServer? = nil, _ more: [String: String] = [:]) -> [String: String] {
        var variables = ["XDG_CONFIG_HOME": folder.path]
        if let server {
            variables["PRATIQUE_URL"] = server.url
            variables["PRATIQUE_API_KEY"] = "prq_key"
            variables["PRATIQUE_ORGANIZATION"] = Self.organization
        }
        return variables.merging(more) { $1 }
    }

    private static let profile = """
        {"id":"\(project)","name":"ada","createdAt":"2026-01-01T00:00:00Z",
        "organizations":[{"id":"\(organization)","name":"acme","role":"administrator"}],
        "apiKey":{"id":"\(credential)","name":"laptop","expiresAt":null,"neverExpires":true}}
        """

    @Test func commandWithoutAServerIsWrongUsage() async throws {
        let run = try await CommandRun(["whoami"], variables: variables())
        #expect(run.exitCode == 64)
        #expect(run.output.isEmpty)
        #expect(run.complaints.hasPrefix("error: no server is set\nhint: "))
    }

    @Test func loginTriesTheKeyBeforeItIsStored() async throws {
        let refusal = #"{"statusCode":401,"message":"unknown key","code":"unauthenticated","requestId":"r-1"}"#
        let server = try ScriptedServer(["GET /user/profile": .init(status: 401, body: refusal)])
        let run = try await CommandRun(["login", "--url", server.url], variables: variables(), input: "prq_wrong\n")
        #expect(run.exitCode == 1)
        #expect(run.complaints.contains("error: unknown key"))
        #expect(run.complaints.contains("request: r-1"))
        #expect(!run.complaints.contains("prq_wrong"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func loginStoresTheOnlyOrganizationAndProject() async throws {
        let projects = #"{"projects":[{"id":"\#(Self.project)","name":"shop"}],"total":1,"page":1,"totalPages":1}"#
        let server = try ScriptedServer([
            "GET /user/profile": .init(body: Self.profile),
            "GET /organization/\(Self.organization)/projects?page=1&pageSize=100": .init(body: projects),
        ])
        let run = try await CommandRun(["login", "--url", server.url], variables: variables(), input: "prq_key\n")
        #expect(run.exitCode == 0)
        #expect(!(run.output + run.complaints).contains("prq_key"))
        let stored = try #require(try ProfileFile(variables: variables()).load())
        #expect(stored.organization?.name == "acme")
        #expect(stored.project?.name == "shop")
        #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == "prq_key" })
    }

    @Test func secretGoesFromStandardInputToTheServerAndNowhereElse() async throws {
        let body = #"{"id":"\#(Self.credential)","harborUrl":"https://h","username":"robot$a"}"#
        let answer = ScriptedServer.Answer(status: 201, headers: ["X-Pratique-Note": "cut to https://h"], body: body)
        let server = try ScriptedServer(["POST \(Self.store)": answer])
        let run = try await CommandRun(
            [
                "credential", "add", "harbor", "--harbor-url", "https://h/ui", "--harbor-project", "x",
                "--username", "robot$a", "--project", Self.project, "-o", "json",
            ],
            variables: variables(server),
            input: "hunter2\n"
        )
        #expect(run.exitCode == 0)
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.first).body.utf8))
        #expect(sent["password"] == .string("hunter2"))
        #expect(sent["projectId"] == .string(Self.project))
        // Data on one stream, the note on the other, the secret on neither.
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))["username"] == .string("robot$a"))
        #expect(run.complaints == "note: cut to https://h\n")
    }

    @Test func removingWithoutATerminalNeedsYes() async throws {
        let found = #"{"id":"\#(Self.credential)","registryType":"harbor","name":"ci","version":1,"projectIds":[]}"#
        let server = try ScriptedServer([
            "GET /organization/\(Self.organization)/credentials/\(Self.credential)": .init(body: found),
            "DELETE \(Self.store)/\(Self.credential)": .init(status: 204),
        ])
        let refused = try await CommandRun(["credential", "remove", Self.credential], variables: variables(server))
        #expect(refused.exitCode == 64)
        #expect(!server.requests.contains { $0.line.hasPrefix("DELETE") })
        let done = try await CommandRun(
            ["credential", "remove", Self.credential, "--yes"],
            variables: variables(server)
        )
        #expect(done.exitCode == 0)
        #expect(done.output.isEmpty)
        #expect(server.requests.contains { $0.line.hasPrefix("DELETE") })
    }

    @Test func linkingKeepsTheLinksThatAreThere() async throws {
        let found = #"{"id":"\#(Self.credential)","registryType":"harbor","name":"ci"}"#
        let path =
            "/integrations/container-registry/organization/\(Self.organization)/credentials/harbor/\(Self.credential)/projects"
        let links = #"{"credentialId":"\#(Self.credential)","projectIds":["\#(Self.organization)"]}"#
        let server = try ScriptedServer([
            "GET /organization/\(Self.organization)/credentials/\(Self.credential)": .init(body: found),
            "GET \(path)": .init(body: links), "PUT \(path)": .init(body: links),
        ])
        let run = try await CommandRun(
            ["credential", "link", Self.credential, Self.project],
            variables: variables(server)
        )
        #expect(run.exitCode == 0)
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.last).body.utf8))
        #expect(sent["projectIds"] == .strings([Self.organization, Self.project]))
    }

    @Test func doctorFailsWhenOneThingIsBroken() async throws {
        let server = try ScriptedServer(["GET /readyz": .init(status: 503, body: "{}")])
        let run = try await CommandRun(["doctor"], variables: variables(server))
        #expect(run.exitCode == 1)
        #expect(run.output.contains("✓ reachable"))
        #expect(run.output.contains("✗ ready: "))
        #expect(!run.output.contains("prq_key"))
    }

    @Test func newKeyGoesIntoAFileForTheOwnerAlone() async throws {
        let key = #"{"id":"\#(Self.credential)","name":"ci","key":"prq_new","expiresAt":null}"#
        let server = try ScriptedServer(["POST /user/api-keys": .init(status: 201, body: key)])
        let path = folder.path + "/key"
        let run = try await CommandRun(
            ["key", "create", "ci", "--key-file", path, "-o", "json"],
            variables: variables(server)
        )
        #expect(run.exitCode == 0)
        #expect(!(run.output + run.complaints).contains("prq_new"))
        #expect(try TemporaryFolder.mode(of: path) == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "prq_new\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionIsGeneratedForEveryShell(shell: String) async throws {
        let run = try await CommandRun(["--generate-completion-script", shell])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("dockerhub"))
    }
}
