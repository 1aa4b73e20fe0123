import CSQLite

extension StorageError {
    /// What SQLite's result codes mean. Source: sqlite.org/rescode.html.
    init(sqlite code: Int32, _ text: String) {
        // The low byte is the kind of trouble, the rest tells it closer.
        switch (code & 0xFF, code >> 8) {
        case (SQLITE_CONSTRAINT, 6), (SQLITE_CONSTRAINT, 8):  // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
            self.init(.uniqueViolation, text)
        case (SQLITE_CONSTRAINT, 3):  // SQLITE_CONSTRAINT_FOREIGNKEY
            self.init(.foreignKeyViolation, text)
        case (SQLITE_FULL, _):
            self.init(.unavailable, "the disk is full")
        case (SQLITE_READONLY, _), (SQLITE_CANTOPEN, _), (SQLITE_PERM, _):
            self.init(.unavailable, "the database file cannot be written: \(text)")
        case (SQLITE_BUSY, _), (SQLITE_LOCKED, _):
            self.init(.unavailable, "the database file is in use by another process")
        case (SQLITE_CORRUPT, _), (SQLITE_NOTADB, _):
            self.init(.corrupt, "the database file is damaged: \(text)")
        case (SQLITE_IOERR, _), (SQLITE_NOMEM, _), (SQLITE_PROTOCOL, _), (SQLITE_MISUSE, _):
            self.init(.unavailable, "the disk failed: \(text)")
        default:
            self.init(.invalidStatement, "SQLite refused a statement: \(text) (code \(code))")
        }
    }

    /// What went wrong last on a connection.
    init(sqliteConnection handle: OpaquePointer?) {
        self.init(sqlite: sqlite3_extended_errcode(handle), String(cString: sqlite3_errmsg(handle)))
    }
}
