import Glibc
import TestSupport
import Testing

@testable import Storage

/// One process has a data directory. The lock is `flock`'s, which belongs to the open file: two holders in one process are in each
/// other's way as two processes are.
@Suite struct DataDirectoryLockTests {
    @Test func secondHolderIsRefusedUntilTheFirstGoes() throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("lock")
            var first: DataDirectoryLock? = try DataDirectoryLock(path: path)
            for _ in 0..<3 {
                let error = try #require(throws: StorageError.self) { try DataDirectoryLock(path: path) }
                #expect(error.code == .locked)
                #expect(error.message.contains(path))
            }
            withExtendedLifetime(first) {}
            first = nil
            var second: DataDirectoryLock? = try DataDirectoryLock(path: path)
            #expect(second != nil)
            second = nil
            _ = try DataDirectoryLock(path: path)
        }
    }

    @Test func releasedLockIsFreeThoughTheOpenFileLivesOn() throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("lock")
            let first = try DataDirectoryLock(path: path)
            first.release()
            let second = try DataDirectoryLock(path: path)
            withExtendedLifetime((first, second)) {}
        }
    }

    /// As a child that was forked and has not begun its program yet shares it.
    @Test func copyOfTheDescriptorDoesNotKeepTheLock() throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("lock")
            var first: DataDirectoryLock? = try DataDirectoryLock(path: path)
            let copy = dup(try #require(first?.descriptor))
            defer { close(copy) }
            first = nil
            _ = try DataDirectoryLock(path: path)
        }
    }

    @Test func lockFileIsForItsOwnerOnlyAndMayStay() throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("lock")
            _ = try DataDirectoryLock(path: path)
            var status = stat()
            try #require(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            _ = try DataDirectoryLock(path: path)
        }
    }

    @Test func pathThatCannotBeOpenedIsUnavailable() throws {
        try withTemporaryDirectory { directory in
            for path in [directory.file("none/lock"), directory.path] {
                let error = try #require(throws: StorageError.self) { try DataDirectoryLock(path: path) }
                #expect(error.code == .unavailable)
            }
        }
    }

    @Test func directoriesAreLockedApart() throws {
        try withTemporaryDirectory { directory in
            let one = try DataDirectoryLock(path: directory.file("one"))
            let other = try DataDirectoryLock(path: directory.file("other"))
            withExtendedLifetime((one, other)) {}
        }
    }
}
