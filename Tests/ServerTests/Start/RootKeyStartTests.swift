import Foundation
import Sealing
import Server
import TestSupport
import Testing

/// Promise 8: a wrong or lost key is noticed at start, with the count of what it cannot open.
@Suite("The root key at start")
struct RootKeyStartTests {
    private func key(_ directory: TemporaryDirectory) -> String { directory.file("data/root.key") }

    private func text(_ key: RootKey) -> String { key.withText { String(decoding: $0, as: UTF8.self) } }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// A stopped server with three credentials; gives the first administrator's key.
    private func withStoppedServer(
        _ body: (TemporaryDirectory, RunningServer.FirstAdministrator, [String]) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let (first, ids) = try await withServer(in: directory) { server in
                var ids: [String] = []
                for kind in RunningServer.kinds { ids.append(try await server.store(kind)) }
                return (server.first, ids)
            }
            try await body(directory, first, ids)
        }
    }

    private func options(_ first: RunningServer.FirstAdministrator, _ flags: [String: String] = [:]) -> ServerOptions {
        var options = ServerOptions()
        options.knownKey = first.key
        options.flags = flags
        return options
    }

    @Test func anotherKeyIsToldWithTheCountOfWhatItCannotOpen() async throws {
        try await withStoppedServer { directory, first, _ in
            try write(text(.random()), to: key(directory))
            let error = await #expect(throws: StartError.self) {
                try await withServer(in: directory, options: options(first)) { _ in }
            }
            #expect(error?.description.contains("3 credentials cannot be opened") == true)
        }
    }

    @Test func aMissingKeyIsToldWithTheCountAndNotReplaced() async throws {
        try await withStoppedServer { directory, first, _ in
            try FileManager.default.moveItem(atPath: key(directory), toPath: directory.file("kept"))
            let error = await #expect(throws: StartError.self) {
                try await withServer(in: directory, options: options(first)) { _ in }
            }
            #expect(error?.description.contains("3 credentials cannot be opened") == true)
            #expect(!FileManager.default.fileExists(atPath: key(directory)))
            try FileManager.default.moveItem(atPath: directory.file("kept"), toPath: key(directory))
            try await withServer(in: directory, options: options(first)) { server async throws in
                #expect(try await server.admin.get("/readyz").status == 200)
            }
        }
    }

    @Test(arguments: [
        "", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ=",
    ])
    func aKeyThatIsNoneStopsTheFirstStart(text: String) async throws {
        try await withTemporaryDirectory { directory in
            try write(text, to: directory.file("weak.key"))
            var options = ServerOptions()
            options.flags = ["root-key-file": directory.file("weak.key")]
            await #expect(throws: SealingError.self) { try await withServer(in: directory, options: options) { _ in } }
            #expect(!FileManager.default.fileExists(atPath: directory.file("first-key")), "nothing was delivered")
        }
    }

    @Test func aKeyFileThatOthersMayReadIsRefused() async throws {
        try await withStoppedServer { directory, first, _ in
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key(directory))
            let error = await #expect(throws: StartError.self) {
                try await withServer(in: directory, options: options(first)) { _ in }
            }
            #expect(error?.description.contains("chmod 0600") == true, "\(String(describing: error))")
        }
    }

    @Test func withAllowUnreadableItsRowsAreReadOnly() async throws {
        try await withStoppedServer { directory, first, ids in
            let kept = try directory.contents(of: "data/root.key")
            try write(text(.random()), to: key(directory))
            try await withServer(in: directory, options: options(first, ["allow-unreadable": "true"])) {
                server async throws in
                #expect(try await server.admin.get("/readyz").json["unreadableCredentials"] == 3)
                let before = try await server.contents()
                for (kind, id) in zip(RunningServer.kinds, ids) {
                    let item = CredentialPath.collection(kind, first.organization) + "/\(id)"
                    #expect(try await server.admin.get(item).status == 200)
                    let attempts = [
                        try await server.admin.patch(item, ["name": "x"]),
                        try await server.admin.post("\(item)/rotate", RunningServer.rotateBody(kind, secret: "x")),
                        try await server.admin.delete(item),
                        try await server.admin.put(
                            CredentialPath.links(kind, first.organization, id),
                            ["projectIds": []]
                        ),
                    ]
                    for answer in attempts {
                        #expect((answer.status, answer.code) == (503, "credential-unreadable"), "\(answer)")
                    }
                }
                #expect(try await server.contents() == before)
                let new = try await server.store("harbor")
                let item = CredentialPath.collection("harbor", first.organization) + "/\(new)"
                #expect(
                    try await server.admin.patch(item, ["name": "x"]).status == 200,
                    "what it can open, it can change"
                )
            }
            // With both keys everything opens again.
            let both = try directory.contents(of: "data/root.key") + kept
            try write(String(decoding: both, as: UTF8.self), to: key(directory))
            try await withServer(in: directory, options: options(first)) { server async throws in
                #expect(try await server.admin.get("/readyz").json["unreadableCredentials"] == 0)
                let item = CredentialPath.collection("harbor", first.organization) + "/\(ids[0])"
                #expect(try await server.admin.post("\(item)/rotate", ["password": "x"]).status == 200)
            }
        }
    }

    @Test func theKeyMayComeFromTheSettings() async throws {
        try await withTemporaryDirectory { directory in
            var options = ServerOptions()
            options.flags = ["root-key": text(try .random()).trimmingCharacters(in: .newlines)]
            let first = try await withServer(in: directory, options: options) { server in
                _ = try await server.store("harbor")
                #expect(!FileManager.default.fileExists(atPath: key(directory)))
                return server.first
            }
            let error = await #expect(throws: StartError.self) {
                try await withServer(in: directory, options: self.options(first)) { _ in }
            }
            #expect(error?.description.contains("1 credentials cannot be opened") == true)
        }
    }
}
