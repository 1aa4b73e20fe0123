import Foundation
import Logging
import Server
import Storage
import TestSupport
import Testing

@Suite("The first start")
struct FirstStartTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func everythingThatItMakesIsItsOwnersAlone() async throws {
        try await withServer { server async throws in
            _ = try await server.store("harbor")
            #expect(try mode(server.dataDirectory) == 0o700)
            let files = try FileManager.default.contentsOfDirectory(atPath: server.dataDirectory)
            #expect(files.contains("root.key") && files.contains("pratique.sqlite"))
            for file in files { #expect(try mode("\(server.dataDirectory)/\(file)") == 0o600, "\(file)") }
            #expect(try mode(server.directory.file("first-key")) == 0o600)
        }
    }

    @Test func itMakesOneAdministratorOrganizationAndProject() async throws {
        try await withServer { server async throws in
            let profile = try await server.admin.get("/user/profile").json
            #expect(profile["organizations"].items.count == 1)
            #expect(profile["organizations"][0]["role"] == "administrator")
            #expect(profile["apiKey"]["neverExpires"] == true)
            let projects = try await server.admin.get("/organization/\(server.first.organization)/projects").json
            #expect(projects["total"] == 1 && projects["projects"][0]["name"] == "default")
            let members = try await server.admin.get("/organization/\(server.first.organization)/members").json
            #expect(members["total"] == 1)
        }
    }

    @Test func aSecondStartMakesAndPrintsNothing() async throws {
        try await withTemporaryDirectory { directory in
            let first = try await withServer(in: directory) { ($0.first, try await $0.contents()) }
            try FileManager.default.removeItem(atPath: directory.file("first-key"))
            var options = ServerOptions()
            options.knownKey = first.0.key
            try await withServer(in: directory, options: options) { server async throws in
                #expect(try await server.contents() == first.1)
                #expect(server.first.organization == first.0.organization)
                #expect(!FileManager.default.fileExists(atPath: directory.file("first-key")))
                #expect(try !server.log().contains(first.0.key))
            }
        }
    }

    @Test func withoutATerminalOrAFileItDoesNotStartAndLeavesNothingThatStopsTheNextOne() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await withServeProcess(in: directory) { _ in }
            #expect(outcome.exitCode == 1 && outcome.result == nil)
            #expect(outcome.log.joined().contains("--bootstrap-key-file"), "\(outcome.log)")
            #expect(!outcome.output.contains("prq_") && !outcome.log.joined().contains("prq_"))
            try await withServer(in: directory) { server async throws in
                #expect(try await server.admin.get("/user/profile").status == 200)
            }
        }
    }

    @Test func theRealProgramPrintsTheKeyNowhereWhenItWritesAFile() async throws {
        try await withTemporaryDirectory { directory in
            let arguments = ["--bootstrap-key-file", directory.file("first-key"), "--log-level", "trace"]
            let outcome = try await withServeProcess(in: directory, arguments: arguments) { process in
                let key = String(decoding: try directory.contents(of: "first-key"), as: UTF8.self)
                    .trimmingCharacters(in: .newlines)
                return try await process.send("GET", "/user/profile", key: key).status
            }
            #expect(outcome.result == 200)
            #expect(!(outcome.log + [outcome.output]).joined().contains("prq_"))
        }
    }

    @Test func anExistingKeyFileIsNotWrittenOver() async throws {
        try await withTemporaryDirectory { directory in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory.file("first-key")))
            await #expect(throws: StartError.self) { try await withServer(in: directory) { _ in } }
            #expect(try directory.contents(of: "first-key") == Array("mine".utf8))
            try FileManager.default.removeItem(atPath: directory.file("first-key"))
            try await withServer(in: directory) { server async throws in
                #expect(try await server.admin.get("/user/profile").status == 200)
            }
        }
    }

    @Test func twoServersOnOneDirectoryAreRefused() async throws {
        try await withServer { server async throws in
            let error = await #expect(throws: StorageError.self) {
                try await withServer(in: server.directory) { _ in }
            }
            #expect(error?.code == .locked)
            #expect(try await server.admin.get("/user/profile").status == 200, "the first one goes on")
        }
    }

    @Test func aDataDirectoryThatOthersMayReadIsRefused() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory.file("data"),
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o755]
            )
            let error = await #expect(throws: StartError.self) { try await withServer(in: directory) { _ in } }
            #expect(error?.description.contains("chmod 0700") == true)
        }
    }
}
