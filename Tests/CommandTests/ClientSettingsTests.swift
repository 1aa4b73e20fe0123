import ArgumentParser
import Foundation
import Sealing
import Testing

@testable import pratique

@Suite struct ClientSettingsTests {
    let folder: TemporaryFolder
    let variables: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        variables = ["XDG_CONFIG_HOME": folder.path]
        var profile = ServerProfile(address: try ServerAddress("https://one.example.org"), key: Secret("prq_stored"))
        let id = try #require(ResourceID("0198c0de-0000-7000-8000-000000000001"))
        profile.organization = .init(id: id, name: "acme")
        profile.project = .init(id: id, name: "shop")
        try ProfileFile(variables: variables).save(profile)
    }

    private func settings(_ arguments: [String] = [], _ more: [String: String] = [:]) throws -> ClientSettings {
        try ClientSettings(options: .parse(arguments), variables: variables.merging(more) { $1 })
    }

    @Test func storedServerAndItsDefaultsAreUsedWhenNothingElseIsSaid() throws {
        let settings = try settings()
        #expect(settings.address.description == "https://one.example.org")
        #expect(settings.key == Secret("prq_stored"))
        #expect(settings.defaultProject?.name == "shop")
    }

    @Test func storedKeyIsNotForAnotherServer() throws {
        let settings = try settings(["--url", "https://two.example.org"])
        #expect(settings.key == nil)
        #expect(settings.organization == nil)
        #expect(settings.defaultProject == nil)
    }

    @Test func storedProjectIsNotForAnotherOrganization() throws {
        #expect(try settings(["--organization", "other"]).defaultProject == nil)
    }

    // Flag, then environment, then profile.
    @Test func flagGoesBeforeEnvironmentAndEnvironmentBeforeProfile() throws {
        let more = ["PRATIQUE_URL": "https://two.example.org", "PRATIQUE_API_KEY": "prq_environment"]
        #expect(try settings([], more).address.description == "https://two.example.org")
        #expect(try settings([], more).key == Secret("prq_environment"))
        let flag = try settings(["--url", "https://three.example.org"], more)
        #expect(flag.address.description == "https://three.example.org")
    }

    @Test func keyIsReadFromAFileAndItsLineBreakIsCut() throws {
        let path = folder.path + "/key"
        try Data("prq_file\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try settings([], ["PRATIQUE_API_KEY_FILE": path]).key == Secret("prq_file"))
    }

    @Test func twoKeysInTheEnvironmentAreWrongUsage() throws {
        let more = ["PRATIQUE_API_KEY": "a", "PRATIQUE_API_KEY_FILE": "b"]
        let failure = try #require(throws: CommandFailure.self) { try settings([], more) }
        #expect(failure.exitCode == 64)
    }

    @Test func profileOpenToOthersIsRefusedUnlessItIsNotNeeded() throws {
        let path = try ProfileFile(variables: variables).path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: CommandFailure.self) { try settings() }
        _ = try settings(["--url", "https://two.example.org"], ["PRATIQUE_API_KEY": "prq_environment"])
        _ = try ClientSettings(login: .parse(["--url", "https://two.example.org"]), variables: variables)
    }
}
