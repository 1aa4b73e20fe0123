import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Holds a data directory for one process, until ``release()``, the value goes or the process ends. The lock is the kernel's, so
/// that a killed process leaves none behind.
public final class DataDirectoryLock: Sendable {
    let descriptor: Int32

    /// Takes the lock file at `path`. Throws ``StorageError/Code/locked`` when another process has it.
    public init(path: String) throws(StorageError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StorageError(.unavailable, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            _ = Glibc.close(file)
            guard reason == EWOULDBLOCK else {
                throw StorageError(.unavailable, "\(path) cannot be locked: \(String(cString: strerror(reason)))")
            }
            throw StorageError(.locked, "another pratique uses the data directory (lock file \(path))")
        }
        // Last: once every property is set, a throw runs deinit, which would close the descriptor a second time.
        descriptor = file
    }

    /// Gives the data directory free, whoever still holds this value. Unlocks and does not only close: a child that is between its
    /// fork and its exec shares the open file, and with it the lock (flock(2)).
    public func release() { _ = flock(descriptor, LOCK_UN) }

    deinit {
        release()
        Glibc.close(descriptor)
    }
}
