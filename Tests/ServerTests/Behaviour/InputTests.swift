import Foundation
import TestSupport
import Testing

@Suite("Input")
struct InputTests {
    private func path(_ server: RunningServer) -> String {
        CredentialPath.collection("harbor", server.first.organization)
    }

    @Test func allErrorsOfARequestAreToldTogether() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.post(
                path(server),
                [
                    "projectId": "x", "harborUrl": "ftp://harbor.example.com", "harborProject": " ", "username": 7,
                    "description": .string(String(repeating: "d", count: 1_001)),
                ]
            )
            #expect(answer.status == 400)
            #expect(
                Set(answer.fields) == [
                    "projectId", "harborUrl", "harborProject", "username", "password", "description",
                ]
            )
        }
    }

    @Test func aPastedPageIsCutOffWithANote() async throws {
        try await withServer { server async throws in
            var body = RunningServer.storeBody("harbor", project: server.first.project)
            body["harborUrl"] = "HTTPS://Harbor.Example.COM:443/harbor/projects/3"
            let answer = try await server.admin.post(path(server), body, headers: [("Idempotency-Key", "n")])
            #expect(try answer.json["harborUrl"] == "https://harbor.example.com")
            #expect(answer["x-pratique-note"]?.contains("harborUrl") == true)
            let again = try await server.admin.post(path(server), body, headers: [("Idempotency-Key", "n")])
            #expect(again["x-pratique-note"] == answer["x-pratique-note"])
        }
    }

    @Test func plainHTTPIsForHostsThatAreConfigured() async throws {
        var options = ServerOptions()
        options.flags = ["plain-http-hosts": "harbor.local:8080"]
        try await withServer(options: options) { server async throws in
            var body = RunningServer.storeBody("harbor", project: server.first.project)
            for (url, status) in [
                ("http://harbor.local:8080", 201), ("http://harbor.local", 400), ("http://harbor.example.com", 400),
            ] {
                body["harborUrl"] = .string(url)
                #expect(try await server.admin.post(path(server), body).status == status, "\(url)")
            }
        }
    }

    @Test func theLargestOfEverythingIsTaken() async throws {
        try await withServer { server async throws in
            var body = RunningServer.storeBody("harbor", project: server.first.project)
            body["password"] = .string(String(repeating: "p", count: 16 * 1024))
            body["harborProject"] = .string(String(repeating: "😀", count: 255))
            body["description"] = .string(String(repeating: "é", count: 1_000))
            let answer = try await server.admin.post(path(server), body)
            #expect(try answer.json["harborProject"] == body["harborProject"])
            body["password"] = .string(String(repeating: "p", count: 16 * 1024 + 1))
            #expect(try await server.admin.post(path(server), body).fields == ["password"])
        }
    }

    @Test func textsComeBackAsTheyWereSent() async throws {
        try await withServer { server async throws in
            for text in [
                "\"quoted\" \\ and / é 日本 😀", "<script>alert(1)</script>", "'; DROP TABLE credential; --", "%s%n{}$1",
            ] {
                var body = RunningServer.storeBody("harbor", project: server.first.project)
                body["description"] = .string(text)
                body["name"] = .string(text)
                let answer = try await server.admin.post(path(server), body)
                #expect(try answer.json["description"] == .string(text))
                #expect(try await server.admin.get(try #require(answer["location"])).json["name"] == .string(text))
                #expect(!answer.text.contains("\\/"), "slashes are not escaped")
            }
        }
    }

    @Test func oneHundredThousandBracketsAreABadRequest() async throws {
        try await withServer { server async throws in
            let depth = 60_000  // As many as fit into a body.
            for bytes in [
                String(repeating: "[", count: depth), String(repeating: "{\"a\":", count: depth / 5),
                "{\"projectId\":" + String(repeating: "[", count: depth) + "}",
                "{\"projectId\":" + String(repeating: "[", count: depth / 2) + String(repeating: "]", count: depth / 2)
                    + "}",
            ] {
                let answer = try await server.admin.send("POST", path(server), bytes: Array(bytes.utf8))
                #expect(answer.status == 400, "\(answer)")
            }
            let large = try await server.admin.send(
                "POST",
                path(server),
                bytes: [UInt8](repeating: 0x5B, count: 100_000)
            )
            #expect(large.status == 413)
            #expect(try await server.admin.get("/livez").status == 200)
        }
    }

    @Test(arguments: [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8IsABadRequest(bytes: [UInt8]) async throws {
        try await withServer { server async throws in
            let name = Array("{\"name\":\"".utf8) + bytes + Array("\"}".utf8)
            let answer = try await server.admin.send("POST", "/organizations", bytes: name)
            #expect((answer.status, answer.code) == (400, "validation-failed"), "\(answer)")
        }
    }

    @Test(arguments: [
        "{\"name\":\"a\",\"name\":\"b\"}", "\u{FEFF}{\"name\":\"bom\"}", "{\"name\":\"\\ud800\"}",
        "{\"name\":\"a\\u0000b\"}",
    ])
    func doubtfulJSONGivesNoServerError(text: String) async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.send("POST", "/organizations", bytes: Array(text.utf8))
            #expect(answer.status == 201 || answer.status == 400, "\(answer)")
        }
    }
}
