import Foundation
import TestSupport
import Testing

/// Advisories over HTTP. Source: issue 5, "imported (by an administrator, or fetched on a schedule from a configured URL)".
@Suite("Advisories over HTTP") struct AdvisoryAPITests {
    /// Anybody may make an organization; what all organizations share is not its administrator's.
    @Test func onlyTheServersOwnAdministratorsMay() async throws {
        try await withServer { server async throws in
            let other = try await server.makeOrganization("other")
            let user = try await server.makeMember("ada", role: "administrator", in: other)
            let stranger = server.caller(try await server.makeKey(for: user))
            let manager = try await server.makeMember("grace", role: "manager", in: server.first.organization)
            for caller in [stranger, server.caller(try await server.makeKey(for: manager))] {
                #expect(try await caller.get("/advisories").code == "forbidden")
                #expect(try await caller.post("/advisories/import", [:]).code == "forbidden")
            }
            let colleague = try await server.makeMember("tove", role: "administrator", in: server.first.organization)
            #expect(try await server.caller(try await server.makeKey(for: colleague)).get("/advisories").status == 200)
        }
    }

    @Test func withoutAnImportThereIsNothingToTell() async throws {
        try await withServer { server async throws in
            let body = try await server.admin.get("/advisories").json
            #expect(body["database"] == .null && body["import"] == .null && body["sources"] == [])
            #expect(body["intervalHours"] == .null)
            let answer = try await server.admin.post("/advisories/import", [:])
            #expect((answer.status, answer.fields) == (400, ["url"]), "\(answer)")
            for url in ["http://advice.example/a", "file:///etc/passwd", "nothing"] {
                let answer = try await server.admin.post("/advisories/import", ["url": .string(url)])
                #expect((answer.status, answer.fields) == (400, ["url"]), "\(answer)")
            }
        }
    }

    /// The way out is the one for everything else: an address that policy forbids is not connected to.
    @Test func forbiddenAddressFailsTheImportAndNotTheRequest() async throws {
        var options = ServerOptions()
        options.flags = ["advisory-sources": "https://127.0.0.1/configured.zip", "advisory-interval-hours": "0"]
        try await withServer(options: options) { server async throws in
            let begun = try await server.admin.post("/advisories/import", [:])
            #expect(try begun.status == 202 && begun.json["import"]["sources"] == ["https://127.0.0.1/configured.zip"])
            let isFailed = try await eventually {
                try await server.admin.get("/advisories").json["import"]["state"] == "failed"
            }
            #expect(isFailed)
            let ended = try await server.admin.get("/advisories").json["import"]
            #expect(ended["error"].string?.isEmpty == false && ended["endedAt"].string != nil, "\(ended)")
            let again = try await server.admin.post("/advisories/import", ["url": "https://127.0.0.1/named.zip"])
            #expect(try again.json["import"]["sources"] == ["https://127.0.0.1/named.zip"])
        }
    }
}
