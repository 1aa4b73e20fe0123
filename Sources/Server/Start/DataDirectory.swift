import Foundation
import Storage

/// The directory that holds everything durable: the database, the root key, the advisories, the lock.
struct DataDirectory: Sendable {
    let path: String

    var database: String { path + "/pratique.sqlite" }
    var rootKey: String { path + "/root.key" }
    var advisories: String { path + "/advisories.sqlite" }
    var lockFile: String { path + "/lock" }

    /// Makes the directory with mode 0700, or checks that an existing one is closed to others. Throws ``StartError``.
    init(preparing path: String) throws {
        self.path = path
        let manager = FileManager.default
        do {
            try manager.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StartError(
                "the data directory \(path) cannot be made; set data-directory to a place that this user may write"
            )
        }
        // One whose mode cannot be read counts as open, which is refused below.
        let mode = (try? manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0o777
        guard mode & 0o077 == 0 else {
            throw StartError("the data directory \(path) is open to other users; run: chmod 0700 '\(path)'")
        }
    }

    /// Whether a database was made here before.
    var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }
}

/// Why the server does not start, with what to do.
public struct StartError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The whole message.
    public let description: String

    init(_ message: String) { description = message }
}
