import Foundation
import Glibc
import Sealing
import TestSupport
import Testing

/// A key file is a small regular file that nobody but its owner and a trusted group can read.
@Suite struct RootKeyFileTests {
    private func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try #require(chmod(path, mode) == 0)
    }

    private func text(_ key: RootKey) -> String { key.withText { String(decoding: $0, as: UTF8.self) } }

    // Others may do nothing; the group may read, as a Kubernetes secret volume with fsGroup has it, and not write.
    @Test(
        arguments: [
            (0o600, true), (0o400, true), (0o640, true), (0o440, true), (0o700, true),
            (0o604, false), (0o644, false), (0o660, false), (0o620, false), (0o666, false), (0o601, false),
            (0o602, false),
            (0o444, false), (0o777, false),
        ] as [(mode_t, Bool)]
    )
    func keyFileIsReadOnlyWhenOthersCannotReadIt(mode: mode_t, accepted: Bool) throws {
        try withTemporaryDirectory { directory in
            let key = try RootKey.random()
            let path = directory.file("root.key")
            try write(text(key), to: path, mode: mode)
            let source = RootKeyFile(path: path)
            if accepted {
                #expect(try source.load().map(\.id) == [key.id])
            } else {
                let error = try #require(throws: SealingError.self) { try source.load() }
                #expect(error.code == .unreadableRootKey)
                #expect(error.message.contains("chmod 0600"))
            }
        }
    }

    @Test func missingFileDirectoryAndFIFOAreRefused() throws {
        try withTemporaryDirectory { directory in
            #expect(try failure { try RootKeyFile(path: directory.file("none")).load() } == .unreadableRootKey)
            #expect(try failure { try RootKeyFile(path: directory.path).load() } == .unreadableRootKey)
            // Nobody writes to it: a program that waited for it to be opened would hang here.
            try #require(mkfifo(directory.file("fifo"), 0o600) == 0)
            #expect(try failure { try RootKeyFile(path: directory.file("fifo")).load() } == .unreadableRootKey)
            #expect(try failure { try RootKeyFile(path: "/dev/zero").load() } == .unreadableRootKey)
        }
    }

    @Test func fileOfUpTo64KiBIsReadAndALargerOneRefused() throws {
        try withTemporaryDirectory { directory in
            let key = try RootKey.random()
            let line = text(key)
            let comment = String(repeating: "#", count: RootKeyFile.sizeLimitInBytes - line.utf8.count)
            try write(line + comment, to: directory.file("full"))
            #expect(try RootKeyFile(path: directory.file("full")).load().map(\.id) == [key.id])
            try write(line + comment + "#", to: directory.file("large"))
            #expect(try failure { try RootKeyFile(path: directory.file("large")).load() } == .unreadableRootKey)
        }
    }

    @Test func severalKeysComeWithTheActiveOneFirst() throws {
        try withTemporaryDirectory { directory in
            let keys = try [RootKey.random(), .random(), .random()]
            let lines = ["# active", text(keys[0]), "# older", text(keys[1]), text(keys[2])]
            try write(lines.joined(separator: "\n"), to: directory.file("root.key"))
            let loaded = try RootKeyFile(path: directory.file("root.key")).load()
            #expect(loaded.map(\.id) == keys.map(\.id))
            #expect(try Keyring(loaded).active == keys[0].id)
        }
    }

    @Test(arguments: ["", "# no key yet\n", "\u{0}\u{1}\u{2}"])
    func fileWithoutAKeyIsRefusedWithItsPath(content: String) throws {
        try withTemporaryDirectory { directory in
            try write(content, to: directory.file("root.key"))
            let error = try #require(throws: SealingError.self) {
                try RootKeyFile(path: directory.file("root.key")).load()
            }
            #expect(error.code == .invalidRootKey)
            #expect(error.message.contains(directory.file("root.key")))
        }
    }

    @Test func createdFileHasMode0600AndHoldsTheKey() throws {
        try withTemporaryDirectory { directory in
            let key = try RootKey.random()
            let path = directory.file("root.key")
            try RootKeyFile.create(path: path, key: key)
            var status = stat()
            try #require(stat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o600)
            #expect(try RootKeyFile(path: path).load().map(\.id) == [key.id])
        }
    }

    @Test func createNeverReplacesAFile() throws {
        try withTemporaryDirectory { directory in
            let first = try RootKey.random()
            let path = directory.file("root.key")
            try RootKeyFile.create(path: path, key: first)
            #expect(try failure { try RootKeyFile.create(path: path, key: .random()) } == .unreadableRootKey)
            #expect(try RootKeyFile(path: path).load().map(\.id) == [first.id])
            // Not through a link that leads nowhere, either: O_EXCL does not follow it.
            try #require(symlink(directory.file("elsewhere"), directory.file("link")) == 0)
            #expect(
                try failure { try RootKeyFile.create(path: directory.file("link"), key: first) } == .unreadableRootKey
            )
            #expect(try directory.files() == ["link", "root.key"])
        }
    }

    @Test func createInAMissingDirectoryFails() throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("none/root.key")
            let code = try failure { try RootKeyFile.create(path: path, key: .random()) }
            #expect(code == .unreadableRootKey)
        }
    }
}
