import Advisories
import Foundation
public import Logging
import Synchronization

/// The advisory database of the service, opened again when an import has put another file in its place.
public final class AdvisoryLibrary: Sendable {
    /// One file.
    struct Snapshot: Sendable {
        let database: AdvisoryDatabase
        let mark: Mark
    }

    /// What tells one file from the next.
    struct Mark: Sendable, Hashable {
        let node: UInt64
        let sizeInBytes: Int64
        let arrivedAt: Date
    }

    private struct State {
        var mark: Mark?
        var database: AdvisoryDatabase?
    }

    private let path: String
    private let logger: Logger
    private let state = Mutex(State())

    /// The database at `path`, which need not be there.
    public init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// The database as it is now; nil when there is none that can be used.
    func current() -> Snapshot? {
        let mark = Mark(path: path)
        return state.withLock { state in
            if mark != state.mark {
                state = State(mark: mark, database: mark == nil ? nil : open())
            }
            guard let mark = state.mark, let database = state.database else { return nil }
            return Snapshot(database: database, mark: mark)
        }
    }

    private func open() -> AdvisoryDatabase? {
        do {
            return try AdvisoryDatabase(path: path)
        } catch {
            logger.error("advisory database not opened", metadata: ["cause": "\(error)"])
            return nil
        }
    }
}

extension AdvisoryLibrary.Mark {
    /// Nil when there is no file at `path`. The time is that of the inode: a file that was copied here is as new as the copy.
    fileprivate init?(path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        node = UInt64(info.st_ino)
        sizeInBytes = Int64(info.st_size)
        arrivedAt = Date(
            timeIntervalSince1970: Double(info.st_ctim.tv_sec) + Double(info.st_ctim.tv_nsec) / 1_000_000_000
        )
    }
}
