import Foundation
import TestSupport
import Testing

/// Debian's docker-registry, with a password and TLS from a CA of its own, and skopeo as a second opinion on it.
@Suite(
    "The real docker-registry",
    .enabled(if: RealRegistry.obstacle == nil, Comment(rawValue: RealRegistry.obstacle ?? ""))
)
struct RealRegistryTests {
    private static func body(_ registry: RealRegistry, project: String, ca: String?, password: String? = nil)
        -> TestJSON
    {
        var body: TestJSON = [
            "projectId": .string(project), "registryUrl": .string("https://\(registry.host)"),
            "username": .string(registry.username), "password": .string(password ?? registry.password),
        ]
        if let ca { body["caCertificatePem"] = .string(ca) }
        return body
    }

    private static func options() -> ServerOptions {
        var options = ServerOptions()
        options.asksRegistries = true
        options.flags = ["private-hosts": "127.0.0.1"]
        return options
    }

    private static func path(_ server: RunningServer, _ id: String, _ rest: String) -> String {
        "/integrations/oci/container-registry/project/\(server.first.project)/credentials/\(id)\(rest)"
    }

    @Test func itsImagesAndTagsAreThoseThatSkopeoSees() async throws {
        try await RealRegistry.with { registry in
            var digests: [String: String] = [:]
            for tag in ["1.0", "1.1", "2.0-rc.1"] { digests[tag] = try await registry.push("team/app", tag: tag) }
            _ = try await registry.push("team/worker", tag: "latest", architecture: "arm64")
            try await withServer(options: Self.options()) { server async throws in
                let collection = CredentialPath.collection("oci", server.first.organization)
                let body = Self.body(registry, project: server.first.project, ca: try registry.caPEM)
                let id = try await server.admin.post(collection, body).created()
                let images = try await server.admin.get(Self.path(server, id, "/images"))
                #expect(images.status == 200, "\(images)")
                let items = try images.json["images"].items
                #expect(items.compactMap { $0["name"].string } == ["team/app", "team/worker"])
                #expect(items.first?["reference"] == .string("\(registry.host)/team/app"))
                let tags = try await server.admin.get(Self.path(server, id, "/images/team%2Fapp/tags"))
                #expect(tags.status == 200 && tags["x-total-count"] == "3", "\(tags)")
                let found = try tags.json["tags"].items
                #expect(Set(found.compactMap { $0["name"].string }) == (try await registry.tags(of: "team/app")))
                for tag in found { #expect(tag["digest"].string == digests[tag["name"].string ?? ""], "\(tag)") }
                let missing = try await server.admin.get(Self.path(server, id, "/images/team%2Fnothing/tags"))
                #expect((missing.status, missing.code) == (404, "repository-not-found"), "\(missing)")
            }
        }
    }

    @Test func itsAccountIsProvenBeforeItIsStoredAndAWrongOneIsNot() async throws {
        try await RealRegistry.with { registry in
            _ = try await registry.push("team/app", tag: "1.0")
            try await withServer(options: Self.options()) { server async throws in
                let collection = CredentialPath.collection("oci", server.first.organization)
                let right = Self.body(registry, project: server.first.project, ca: try registry.caPEM)
                let id = try await server.admin.post("\(collection)?verify=wait", right).created()
                let told = try await server.admin.get("\(collection)/\(id)/verification")
                #expect(try told.json["state"] == "verified", "\(told)")
                let steps = try told.json["steps"].items
                #expect(steps.count == 7 && steps.allSatisfy { $0["outcome"] == "passed" }, "\(told)")
                #expect(try told.json["rights"]["held"].items.contains("pull"))

                let wrong = Self.body(
                    registry,
                    project: server.first.project,
                    ca: try registry.caPEM,
                    password: "Wrong-Secret-1"
                )
                let refused = try await server.admin.post("\(collection)?verify=wait", wrong)
                #expect((refused.status, refused.fields) == (400, ["password"]), "\(refused)")
                #expect(try await server.admin.get(collection)["x-total-count"] == "1")
            }
        }
    }

    @Test func withoutItsCAItIsNotTrustedAndItsPasswordStaysHome() async throws {
        try await RealRegistry.with { registry in
            try await withServer(options: Self.options()) { server async throws in
                let collection = CredentialPath.collection("oci", server.first.organization)
                let body = Self.body(registry, project: server.first.project, ca: nil)
                let id = try await server.admin.post(collection, body).created()
                let answer = try await server.admin.get(Self.path(server, id, "/images"))
                #expect((answer.status, answer.code) == (502, "tls-untrusted"), "\(answer)")
                #expect(try answer.json["hint"].string?.contains("caCertificatePem") == true, "\(answer)")
            }
        }
    }

    @Test func aWrongPasswordIsTheRegistrysTrouble() async throws {
        try await RealRegistry.with { registry in
            try await withServer(options: Self.options()) { server async throws in
                let collection = CredentialPath.collection("oci", server.first.organization)
                let body = Self.body(
                    registry,
                    project: server.first.project,
                    ca: try registry.caPEM,
                    password: "Wrong-Secret-1"
                )
                let id = try await server.admin.post(collection, body).created()
                let answer = try await server.admin.get(Self.path(server, id, "/images"))
                #expect((answer.status, answer.code) == (502, "registry-auth-failed"), "\(answer)")
                #expect(try answer.json["upstream"]["status"] == 401)
            }
        }
    }
}
