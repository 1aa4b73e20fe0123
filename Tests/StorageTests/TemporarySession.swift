import TestSupport

@testable import Storage

/// Lends one transaction of a new, migrated database to `body`.
///
/// The transaction is on the thread of the test, where ``Storage/SQLiteDatabase`` runs it on one of its own: an expectation that
/// fails there would belong to no test.
func withTemporarySession(_ body: (any SQLSession) throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let path = directory.file("pratique.sqlite")
        let database = try SQLiteDatabase(path: path)
        try await Migrator(database).migrate()
        await database.close()
        try runTransaction(path, body)
    }
}

private func runTransaction(_ path: String, _ body: (any SQLSession) throws -> Void) throws {
    let connection = try SQLiteConnection(path: path, for: .writing, cacheInKiB: 1_024)
    defer { connection.close() }
    try connection.transaction("BEGIN IMMEDIATE") { try body($0) }
}
