public import Advisories
import Dispatch
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
        /// Counting takes a while, and the same file has the same numbers.
        var status: AdvisorySnapshotStatus?
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

    /// How old the database is and what is in it; nil when there is none that can be used.
    public func status() async -> AdvisorySnapshotStatus? {
        guard let snapshot = current() else { return nil }
        if let status = state.withLock({ $0.mark == snapshot.mark ? $0.status : nil }) { return status }
        do {
            // Away from the threads of Swift concurrency, which it would hold for as long as it counts.
            let status = try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try snapshot.database.status() })
                }
            }
            state.withLock { if $0.mark == snapshot.mark { $0.status = status } }
            return status
        } catch {
            logger.error("advisory database not readable", metadata: ["cause": "\(error)"])
            return nil
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
