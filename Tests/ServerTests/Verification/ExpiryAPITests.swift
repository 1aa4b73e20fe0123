import Foundation
import Registries
import TestSupport
import Testing

/// `expiresAt`, given by the user. Source: issue 3, item 3.
@Suite("Expiry given by the user") struct ExpiryAPITests {
    private static let future = "2031-05-06T07:08:09.120Z"

    @Test(arguments: RunningServer.kinds)
    func anExpiryIsGivenAtStoreChangedAndTakenAway(kind: String) async throws {
        try await withServer { server async throws in
            let collection = CredentialPath.collection(kind, server.first.organization)
            var body = RunningServer.storeBody(kind, project: server.first.project)
            body["expiresAt"] = .string(Self.future)
            let stored = try await server.admin.post(collection, body)
            #expect(try stored.json["expiresAt"] == .null, "the answer to a store has the documented members only")
            let item = "\(collection)/\(try stored.created())"
            let read = try await server.admin.get(item).json
            #expect(read["expiresAt"].string == Self.future && read["verification"]["expirySource"] == "user")
            #expect(read["verification"]["expiresAt"].string == Self.future)
            let renamed = try await server.admin.patch(item, ["name": "x"]).json
            #expect(renamed["expiresAt"].string == Self.future, "what is missing stays")
            let changed = try await server.admin.patch(item, ["expiresAt": "2032-01-01T00:00:00Z"]).json
            #expect(changed["expiresAt"] == "2032-01-01T00:00:00.000Z")
            #expect(changed["verification"]["expiresAt"] == "2032-01-01T00:00:00.000Z")
            let cleared = try await server.admin.patch(item, ["expiresAt": nil]).json
            #expect(cleared["expiresAt"] == .null && cleared["verification"]["expirySource"] == "unknown")
        }
    }

    /// It belongs to the secret: a new one does not inherit it.
    @Test func aRotationTakesTheExpiryOfItsOwnSecret() async throws {
        try await withServer { server async throws in
            let item =
                CredentialPath.collection("harbor", server.first.organization) + "/"
                + (try await server.store("harbor"))
            let first = try await server.admin.post(
                "\(item)/rotate",
                ["password": "two", "expiresAt": .string(Self.future)]
            )
            #expect(try first.json["expiresAt"].string == Self.future, "\(first)")
            let second = try await server.admin.post("\(item)/rotate", ["password": "three"])
            #expect(try second.json["expiresAt"] == .null, "\(second)")
        }
    }

    @Test(arguments: [
        ("2020-01-01T00:00:00Z", "must lie in the future"), ("tomorrow", "RFC 3339"),
        ("2031-13-01T00:00:00Z", "RFC 3339"),
    ])
    func aWrongOrPastExpiryIsRefused(text: String, complaint: String) async throws {
        try await withServer { server async throws in
            let collection = CredentialPath.collection("oci", server.first.organization)
            var body = RunningServer.storeBody("oci", project: server.first.project)
            body["expiresAt"] = .string(text)
            let stored = try await server.admin.post(collection, body)
            #expect((stored.status, stored.fields) == (400, ["expiresAt"]), "\(stored)")
            #expect(stored.text.contains(complaint))
            let item = "\(collection)/\(try await server.store("oci"))"
            let rotated = try await server.admin.post("\(item)/rotate", ["password": "x", "expiresAt": .string(text)])
            #expect((rotated.status, rotated.fields) == (400, ["expiresAt"]), "\(rotated)")
            body["registryType"] = "oci"
            body["name"] = "bulk"
            body["projectIds"] = [.string(server.first.project)]
            let bulk = "/integrations/container-registry/organization/\(server.first.organization)/bulk-apply"
            let applied = try await server.admin.post(bulk, body.without("projectId"))
            #expect((applied.status, applied.fields) == (400, ["expiresAt"]), "\(applied)")
        }
    }

    /// A user may say at any time that a secret has ended.
    @Test func aPastExpiryMayBeNotedLater() async throws {
        try await withServer { server async throws in
            let item =
                CredentialPath.collection("oci", server.first.organization) + "/" + (try await server.store("oci"))
            let changed = try await server.admin.patch(item, ["expiresAt": "2020-01-01T00:00:00Z"])
            #expect(try changed.json["expiresAt"] == "2020-01-01T00:00:00.000Z", "\(changed)")
            let wrong = try await server.admin.patch(item, ["expiresAt": 5])
            #expect((wrong.status, wrong.fields) == (400, ["expiresAt"]), "\(wrong)")
        }
    }
}
