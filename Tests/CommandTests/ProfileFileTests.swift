import Foundation
import Sealing
import Testing

@testable import pratique

@Suite struct ProfileFileTests {
    let folder: TemporaryFolder
    let file: ProfileFile

    init() throws {
        folder = try TemporaryFolder()
        file = try ProfileFile(variables: ["XDG_CONFIG_HOME": folder.path])
    }

    private func profile(key: String = "prq_secret") throws -> ServerProfile {
        ServerProfile(address: try ServerAddress("https://pratique.example.org"), key: Secret(key))
    }

    @Test func profileAndItsFolderAreForTheOwnerAlone() throws {
        try file.save(profile())
        #expect(try TemporaryFolder.mode(of: file.path) == 0o600)
        #expect(try TemporaryFolder.mode(of: folder.path + "/pratique") == 0o700)
    }

    @Test func savingReplacesTheFileAndLeavesNoDraft() throws {
        try file.save(profile(key: "prq_first"))
        let before = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
        // A reader that has the old file open keeps the old content: the new one is another file.
        let reader = try FileHandle(forReadingFrom: URL(fileURLWithPath: file.path))
        try file.save(profile(key: "prq_second"))
        let after = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
        #expect(before != after)
        #expect(String(decoding: try reader.readToEnd() ?? Data(), as: UTF8.self).contains("prq_first"))
        #expect(try file.load()?.key == Secret("prq_second"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/pratique") == ["profile.json"])
    }

    @Test func savingReplacesAFileThatOthersCouldReadByOneTheyCannot() throws {
        try file.save(profile())
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        try file.save(profile())
        #expect(try TemporaryFolder.mode(of: file.path) == 0o600)
    }

    // Any bit for the group or for others is one too many.
    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o644, 0o666])
    func profileThatOthersCanReadOrWriteIsRefused(mode: Int) throws {
        try file.save(profile())
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        let failure = try #require(throws: CommandFailure.self) { try file.load() }
        #expect(failure.message.contains("open to other users"))
    }

    @Test func everythingSavedIsLoaded() throws {
        let id = try #require(ResourceID("0198C0DE-0000-7000-8000-000000000001"))
        var saved = try profile()
        saved.organization = .init(id: id, name: "acme")
        saved.project = .init(id: id, name: "shop")
        saved.caCertificate = "/etc/ssl/company.pem"
        try file.save(saved)
        let loaded = try #require(try file.load())
        #expect(loaded.address == saved.address)
        #expect(loaded.key == saved.key)
        #expect(loaded.organization == saved.organization)
        #expect(loaded.project == saved.project)
        #expect(loaded.caCertificate == saved.caCertificate)
    }

    @Test func damagedProfileIsRefusedWithoutQuotingIt() throws {
        try file.save(profile())
        try Data("{\"apiKey\": \"prq_secret\", ".utf8).write(to: URL(fileURLWithPath: file.path))
        let failure = try #require(throws: CommandFailure.self) { try file.load() }
        #expect(!failure.wording.contains("prq_secret"))
    }

    @Test func missingProfileIsNoError() throws {
        #expect(try file.load() == nil)
        #expect(try !file.remove())
    }

    // The XDG specification: a relative path is invalid and to be ignored.
    @Test func relativeConfigurationHomeIsIgnored() throws {
        let file = try ProfileFile(variables: ["XDG_CONFIG_HOME": "config", "HOME": "/nowhere"])
        #expect(file.path == "/nowhere/.config/pratique/profile.json")
    }
}
