// The members of stat belong to CDispatch or to Glibc, by the order in which the compiler meets the C headers.
import CDispatch
import Foundation
import Glibc

/// The file of the ``ServerProfile``. Its owner alone may read it, from the moment it exists.
struct ProfileFile: Sendable {
    let path: String

    /// A profile is a few hundred bytes.
    private static let limit = 64 * 1024

    /// The place by the XDG base directory specification, which says to ignore a relative `XDG_CONFIG_HOME`.
    init(variables: [String: String]) throws {
        if let configuration = variables["XDG_CONFIG_HOME"], configuration.hasPrefix("/") {
            path = configuration + "/pratique/profile.json"
        } else if let home = variables["HOME"], home.hasPrefix("/") {
            path = home + "/.config/pratique/profile.json"
        } else {
            throw CommandFailure("there is no place for a profile", hint: "set HOME or XDG_CONFIG_HOME")
        }
    }

    /// The stored profile, or nil when there is none. Throws when others could have read or written it.
    func load() throws -> ServerProfile? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        guard descriptor >= 0 else { throw CommandFailure("cannot read \(path): \(BoundedInput.reason())") }
        defer { close(descriptor) }

        // The open file is asked, not the path: what is behind a path can change between two looks.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("\(path) is not a regular file")
        }
        guard status.st_uid == geteuid() else { throw CommandFailure("\(path) belongs to another user") }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure(
                "\(path) is open to other users, so the key in it may be known to them",
                hint: "revoke that key, then log in again; if you are sure: chmod 600 \(path)"
            )
        }
        return try ServerProfile(json: BoundedInput.read(descriptor: descriptor, name: path, limit: Self.limit))
    }

    /// Puts `profile` in the place of the stored one. A reader sees the old file or the new one, never a part.
    func save(_ profile: ServerProfile) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try makeFolder(folder)
        let draft = "\(folder)/.profile-\(UUID().uuidString.lowercased())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("cannot write in \(folder): \(BoundedInput.reason())") }
        do {
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: Data(try profile.encoded()))
            try file.synchronize()
            try file.close()
        } catch {
            unlink(draft)
            throw CommandFailure("cannot write in \(folder): \(error.localizedDescription)")
        }
        guard rename(draft, path) == 0 else {
            let reason = BoundedInput.reason()
            unlink(draft)
            throw CommandFailure("cannot write \(path): \(reason)")
        }
    }

    /// Forgets the profile. Returns whether there was one.
    func remove() throws -> Bool {
        if unlink(path) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw CommandFailure("cannot remove \(path): \(BoundedInput.reason())")
    }

    private func makeFolder(_ folder: String) throws {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("cannot make the folder \(parent.path): \(error.localizedDescription)")
        }
        guard mkdir(folder, 0o700) != 0 else { return }
        guard errno == EEXIST, chmod(folder, 0o700) == 0 else {
            throw CommandFailure("cannot make the folder \(folder): \(BoundedInput.reason())")
        }
    }
}
