import Foundation
import Registries
import TestSupport
import Testing

/// What an organization is told of all its credentials. Source: issue 3, item 3, "Organization view".
@Suite("Credential health over the API") struct CredentialHealthAPITests {
    private func path(_ organization: String) -> String { "/organization/\(organization)/credentials/health" }

    @Test func troublesAreToldWithTheProjectsThatLoseSomething() async throws {
        let registry = ScriptedRegistry { probe in
            switch probe.publicFields["username"] {
            case "oci-bad": .scripted(.rejected)
            case "oci-strong": .scripted(.excessive)
            case "oci-ending":
                .scripted(
                    .verified,
                    expiry: .init(at: Date(timeIntervalSinceNow: 3 * 86_400), source: .registry)
                )
            default: .scripted(.verified)
            }
        }
        var options = ServerOptions()
        options.registry = registry
        try await withServer(options: options) { server async throws in
            var ids: [String: String] = [:]
            for label in ["bad", "strong", "ending", "good"] {
                let id = try await server.store("oci", label: label)
                ids[label] = id
                let item = CredentialPath.collection("oci", server.first.organization) + "/\(id)"
                #expect(try await server.admin.post("\(item)/verify").status == 200)
            }
            _ = try await server.store("harbor")
            let health = try await server.admin.get(path(server.first.organization)).json
            #expect(health["total"] == 5 && health["byState"]["verified"] == 2)
            #expect(health["byState"]["unverified"] == 1 && health["byState"]["rejected"] == 1)
            #expect(health["broken"]["credentials"].items.map { $0["id"].string } == [ids["bad"]])
            #expect(health["tooStrong"]["credentials"].items.map { $0["id"].string } == [ids["strong"]])
            #expect(health["expiring"]["credentials"][0]["verification"]["expirySource"] == "registry")
            #expect(health["expiringWithinDays"] == ["1": 0, "7": 1, "14": 1, "30": 1])
            #expect(health["unused"]["total"] == 0 && health["expired"]["total"] == 0)
            #expect(health["projects"]["total"] == 1)
            let project = health["projects"]["projects"][0]
            #expect(project["projectId"].string == server.first.project && project["name"] == "default")
            #expect(project["credentialIds"] == [.string(ids["bad"] ?? "")])
            #expect(health["broken"]["credentials"][0]["projectIds"] == [.string(server.first.project)])
        }
    }

    @Test func totalsAreTrueAndListsAreBounded() async throws {
        var options = ServerOptions()
        options.registry = ScriptedRegistry { _ in .scripted(.unreachable) }
        try await withServer(options: options) { server async throws in
            for index in 0..<23 {
                let id = try await server.store("oci", label: "\(index)")
                let item = CredentialPath.collection("oci", server.first.organization) + "/\(id)"
                #expect(try await server.admin.post("\(item)/verify").status == 200)
            }
            for (query, count) in [("", 20), ("?limit=5", 5), ("?limit=1000", 23)] {
                let health = try await server.admin.get(path(server.first.organization) + query).json
                #expect(health["broken"]["total"] == 23 && health["broken"]["credentials"].items.count == count)
                #expect(health["projects"]["projects"][0]["total"] == 23)
            }
            for wrong in ["0", "x", "-1"] {
                let answer = try await server.admin.get(path(server.first.organization) + "?limit=\(wrong)")
                #expect((answer.status, answer.fields) == (400, ["limit"]), "\(answer)")
            }
        }
    }

    @Test func unusedCredentialsAreToldAfterNinetyDays() async throws {
        let clock = ManualClock()
        var options = ServerOptions()
        options.verifierClock = clock.forVerifier
        try await withServer(options: options) { server async throws in
            let id = try await server.store("oci")
            clock.advance(by: 91 * 86_400)
            let health = try await server.admin.get(path(server.first.organization)).json
            #expect(health["unused"]["total"] == 1 && health["unused"]["credentials"][0]["id"].string == id)
        }
    }
}
