import Foundation
import TestSupport
import Testing

@testable import Storage

/// The write-ahead log stays small although somebody always writes. Source: sqlite.org/wal.html, "Avoiding Excessively Large WAL
/// Files".
@Suite struct SQLiteCheckpointerTests {
    private static let row = SQLValue.bytes([UInt8](repeating: 7, count: 3_000))

    private func withWriter(_ body: (SQLiteConnection, SQLiteCheckpointer) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            let writer = try SQLiteConnection(path: path, for: .writing, cacheInKiB: 1_024)
            try writer.execute("PRAGMA journal_mode = WAL", [])
            try writer.execute("CREATE TABLE filling (bytes BYTEA NOT NULL)", [])
            writer.watchLog()
            let checkpointer = try SQLiteCheckpointer(path: path, cacheInKiB: 64)
            try body(writer, checkpointer)
            checkpointer.close()
            writer.close()
        }
    }

    /// Commits rows until the log has the length at which it is moved; returns how many.
    private func fill(_ writer: SQLiteConnection) throws -> Int {
        var rows = 0
        repeat {
            try writer.transaction("BEGIN IMMEDIATE") { session in
                for _ in 0..<100 {
                    try session.execute("INSERT INTO filling (bytes) VALUES ($1)", [SQLiteCheckpointerTests.row])
                }
            }
            rows += 100
        } while writer.logInPages < SQLiteCheckpointer.beginInPages
        return rows
    }

    @Test func logIsMovedBesideTheWriterAndStartsOver() throws {
        try withWriter { writer, checkpointer in
            var rows = 0
            for _ in 0..<3 {
                rows += try fill(writer)
                checkpointer.writerCommitted(writer)
                // Written while the log is moved, and left for the writer.
                try writer.execute("INSERT INTO filling (bytes) VALUES ($1)", [SQLiteCheckpointerTests.row])
                checkpointer.settle()
                checkpointer.writerCommitted(writer)
                try writer.execute("INSERT INTO filling (bytes) VALUES ($1)", [SQLiteCheckpointerTests.row])
                rows += 2
                #expect(writer.logInPages < 10, "the log starts over")
            }
            #expect(try writer.count("SELECT COUNT(*) FROM filling", []) == rows)
            #expect(try writer.first("PRAGMA integrity_check", [])?.text(0) == "ok")
        }
    }

    @Test func shortLogIsLeftAlone() throws {
        try withWriter { writer, checkpointer in
            try writer.execute("INSERT INTO filling (bytes) VALUES ($1)", [SQLiteCheckpointerTests.row])
            let before = writer.logInPages
            checkpointer.writerCommitted(writer)
            checkpointer.settle()
            checkpointer.writerCommitted(writer)
            try writer.execute("INSERT INTO filling (bytes) VALUES ($1)", [SQLiteCheckpointerTests.row])
            #expect(writer.logInPages > before)
        }
    }
}
