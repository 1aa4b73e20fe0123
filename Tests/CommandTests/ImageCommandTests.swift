import Foundation
import Testing

@testable import pratique

/// `pratique image` against a scripted server.
@Suite struct ImageCommandTests {
    static let project = "0198c0de-0000-7000-8000-00000000000b"
    static let credential = "0198c0de-0000-7000-8000-00000000000c"
    static let harbor = "/integrations/harbor/container-registry/project/\(project)/credentials/\(credential)"

    private static func linked(_ kind: String) -> [String: ScriptedServer.Answer] {
        let item = #"{"id":"\#(credential)","registryType":"\#(kind)","name":"ci"}"#
        return [
            "GET /project/\(project)/credentials?page=1&pageSize=100":
                .init(body: #"{"credentials":[\#(item)],"total":1,"page":1,"pageSize":100,"totalPages":1}"#)
        ]
    }

    private func run(_ arguments: [String], _ answers: [String: ScriptedServer.Answer], kind: String = "harbor")
        async throws -> (CommandRun, ScriptedServer)
    {
        let server = try ScriptedServer(Self.linked(kind).merging(answers) { $1 })
        let variables = [
            "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_PROJECT": Self.project,
            "XDG_CONFIG_HOME": "/nonexistent",
        ]
        return (try await CommandRun(arguments, variables: variables), server)
    }

    @Test func imagesAreListedWholeThroughTheProjectsCredential() async throws {
        func page(_ number: Int, _ names: [String]) -> ScriptedServer.Answer {
            let items = names.map { name in
                #"{"name":"p/\#(name)","repositoryName":"\#(name)","reference":"h/p/\#(name)","artifactCount":2,"pullCount":7,"updatedAt":"2026-01-01T00:00:00Z"}"#
            }
            return .init(
                body:
                    #"{"images":[\#(items.joined(separator: ","))],"totalCount":101,"page":\#(number),"pageSize":100}"#
            )
        }
        let (run, server) = try await run(
            ["image", "list", "ci"],
            [
                "GET \(Self.harbor)/images?page=1&pageSize=100": page(1, (1...100).map { "app\($0)" }),
                "GET \(Self.harbor)/images?page=2&pageSize=100": page(2, ["last"]),
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.hasPrefix("REPOSITORY  REFERENCE   ARTIFACTS  PULLS  UPDATED\n"))
        #expect(run.output.split(separator: "\n").count == 102)
        let last = run.output.split(separator: "\n").last?.split(separator: " ")
        #expect(last == ["last", "h/p/last", "2", "7", "2026-01-01T00:00:00Z"])
        #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == "prq_key" })
    }

    @Test func slashesOfARepositoryAreEncodedAndDigestsShortened() async throws {
        let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        let tag =
            #"{"name":"1.0","digest":"\#(digest)","size":3400000,"kind":"image","platforms":["linux/amd64","linux/arm64"]}"#
        let (run, _) = try await run(
            ["image", "tags", "ci", "team/app", "--registry-project", "base", "--artifacts"],
            [
                "GET \(Self.harbor)/images/team%2Fapp/tags?include=artifacts&harborProject=base&page=1&pageSize=100":
                    .init(body: #"{"repository":"team/app","tags":[\#(tag)],"totalCount":1,"page":1,"pageSize":100}"#)
            ]
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(run.output.contains("1.0  sha256:0123456789ab  3.4 MB  -       image  linux/amd64 linux/arm64\n"))
    }

    @Test func jsonHasEverythingThatTheServerSent() async throws {
        let (run, _) = try await run(
            ["image", "tags", "ci", "app", "-o", "json"],
            [
                "GET \(Self.harbor)/images/app/tags?page=1&pageSize=100":
                    .init(
                        body:
                            #"{"repository":"app","tags":[{"name":"1","new":true}],"totalCount":1,"page":1,"pageSize":100}"#
                    )
            ]
        )
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["tags"] == .array([.object(["name": .string("1"), "new": .bool(true)])]))
        #expect(json["total"] == .integer(1))
    }

    @Test func dockerHubTakesTheCredentialInTheQuery() async throws {
        let path = "/integrations/dockerhub/container-registry/project/\(Self.project)/images"
        let (run, _) = try await run(
            ["image", "list", "ci"],
            [
                "GET \(path)?credentialId=\(Self.credential)&page=1&pageSize=100":
                    .init(body: #"{"images":[],"totalCount":0,"page":1,"pageSize":100}"#)
            ],
            kind: "dockerhub"
        )
        #expect(run.exitCode == 0 && run.output.isEmpty)
        #expect(run.complaints == "note: no images\n")
    }

    @Test func ageAndAShortRateBudgetAreToldBesideTheData() async throws {
        let headers = ["Age": "35", "X-Registry-RateLimit-Limit": "100", "X-Registry-RateLimit-Remaining": "9"]
        let (run, _) = try await run(
            ["image", "list", "ci", "-o", "json"],
            [
                "GET \(Self.harbor)/images?page=1&pageSize=100":
                    .init(
                        headers: headers,
                        body: #"{"images":[{"name":"p/a"}],"totalCount":1,"page":1,"pageSize":100}"#
                    )
            ]
        )
        #expect(
            run.complaints
                == "note: as the registry told it 35 s ago\nnote: the registry takes 9 more requests of 100 for now\n"
        )
        #expect(!run.output.contains("35"))
    }

    @Test func limitStopsReading() async throws {
        let items = (1...100).map { #"{"name":"p/a\#($0)"}"# }.joined(separator: ",")
        let (run, server) = try await run(
            ["image", "list", "ci", "--limit", "3", "-o", "json"],
            [
                "GET \(Self.harbor)/images?page=1&pageSize=100":
                    .init(body: #"{"images":[\#(items)],"totalCount":900,"page":1,"pageSize":100}"#)
            ]
        )
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["total"] == .integer(3))
        #expect(server.requests.count == 2)
    }

    @Test func aRegistryThatRefusesIsToldInTheServersWords() async throws {
        let body =
            #"{"statusCode":502,"message":"the registry does not take the secret","code":"registry-auth-failed","hint":"rotate it","upstream":{"registry":"h","status":401}}"#
        let (run, _) = try await run(
            ["image", "list", "ci"],
            [
                "GET \(Self.harbor)/images?page=1&pageSize=100": .init(status: 502, body: body)
            ]
        )
        #expect(run.exitCode == 1 && run.output.isEmpty)
        #expect(
            run.complaints
                == "error: the registry does not take the secret\nregistry: h answered 401\nhint: rotate it\n"
        )
    }

    @Test func anOCIRegistryHasNoProjects() async throws {
        let (run, _) = try await run(["image", "list", "ci", "--registry-project", "x"], [:], kind: "oci")
        #expect(run.exitCode == 64)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (3_449_999, "3.4 MB"), (999_949, "999.9 kB"),
        (999_950, "1.0 MB"), (Int64.max, "9223372.0 TB"),
    ])
    func bytesAreTensOfThousands(bytes: Int64, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}
