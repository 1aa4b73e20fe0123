import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A snapshot that is built beside the old one and takes its place in one step, or not at all.
final class SnapshotSwap {
    /// Where it is built.
    let temporaryPath: String
    private let path: String
    private let lock: Int32
    private var isDone = false

    private static let mark = ".importing-"

    /// Starts a new snapshot for `path`: a copy of the one that is there, or nothing when `isEmpty` or there is none.
    ///
    /// Throws ``AdvisoryError/Code/busy`` while another import works on the same snapshot.
    init(_ path: String, isEmpty: Bool) throws(AdvisoryError) {
        self.path = path
        let lockPath = path + ".lock"
        lock = Glibc.open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        temporaryPath = "\(path)\(SnapshotSwap.mark)\(UInt64.random(in: 0...UInt64.max))"
        guard lock >= 0 else { throw SnapshotSwap.failure(lockPath, "opened") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let isBusy = errno == EWOULDBLOCK
            let error = SnapshotSwap.failure(lockPath, "locked")
            Glibc.close(lock)
            isDone = true
            throw isBusy ? AdvisoryError(.busy, "another import into \(path) is running") : error
        }
        SnapshotSwap.removeLeftovers(of: path)
        if !isEmpty, FileManager.default.fileExists(atPath: path) {
            do {
                try FileManager.default.copyItem(atPath: path, toPath: temporaryPath)
            } catch {
                throw AdvisoryError(.unusableDatabase, "\(path) cannot be copied: \(error.localizedDescription)")
            }
        }
    }

    deinit {
        if !isDone { unlink(temporaryPath) }
        if lock >= 0 { Glibc.close(lock) }
    }

    /// Puts the finished snapshot in place: on disk first, then by its name.
    func finish() throws(AdvisoryError) {
        try SnapshotSwap.sync(temporaryPath)
        guard chmod(temporaryPath, 0o644) == 0, rename(temporaryPath, path) == 0 else {
            throw SnapshotSwap.failure(path, "replaced")
        }
        isDone = true
        let folder = (path as NSString).deletingLastPathComponent
        try SnapshotSwap.sync(folder.isEmpty ? "." : folder)
    }

    /// What imports that were killed have left; nobody works on it while the lock is held.
    private static func removeLeftovers(of path: String) {
        let folder = (path as NSString).deletingLastPathComponent
        let prefix = (path as NSString).lastPathComponent + mark
        // What is not found now is found by the next import, and it disturbs nothing but the disk's room.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        for name in names where name.hasPrefix(prefix) { unlink((folder as NSString).appendingPathComponent(name)) }
    }

    private static func sync(_ path: String) throws(AdvisoryError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { Glibc.close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw failure(path, "written to disk") }
    }

    private static func failure(_ path: String, _ verb: String) -> AdvisoryError {
        AdvisoryError(.unusableDatabase, "\(path) cannot be \(verb): \(String(cString: strerror(errno)))")
    }
}
