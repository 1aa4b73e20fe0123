import GRDB

extension StorageError {
    /// What SQLite's result codes mean. Source: sqlite.org/rescode.html.
    init(sqlite error: any Error) {
        guard let error = error as? DatabaseError else {
            self =
                error as? StorageError
                ?? StorageError(.unavailable, "the database could not be used: \(type(of: error))")
            return
        }
        let text = error.message ?? "no message"
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            self.init(.uniqueViolation, text)
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self.init(.foreignKeyViolation, text)
        default:
            switch error.resultCode {
            case .SQLITE_FULL:
                self.init(.unavailable, "the disk is full")
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                self.init(.unavailable, "the database file cannot be written: \(text)")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(.unavailable, "the database file is in use by another process")
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                self.init(.corrupt, "the database file is damaged: \(text)")
            case .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_PROTOCOL, .SQLITE_MISUSE:
                self.init(.unavailable, "the disk failed: \(text)")
            default:
                self.init(
                    .invalidStatement,
                    "SQLite refused a statement: \(text) (code \(error.extendedResultCode.rawValue))"
                )
            }
        }
    }
}
