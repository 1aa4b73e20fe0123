import ArgumentParser
import Foundation
import GRDB

/// `ceilings inserts`: how many rows of a credential's size SQLite makes durable in a second.
struct RawInserts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inserts",
        abstract: "Insert rows with WAL and synchronous=FULL, one and 64 in a transaction.",
        discussion: "Prints one line for each: rows in a transaction, rows a second, transactions a second."
    )

    @Option(help: "New database file; left behind.")
    var path: String

    @Option(help: "Seconds for each.")
    var seconds = 5

    func run() throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "CREATE TABLE credential (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        }
        for rows in [1, 64] {
            let rate = try transactionRate(queue, rows: rows)
            print("\(rows) \(Int(rate * Double(rows))) \(Int(rate))")
        }
        try queue.close()
    }

    /// Bytes of one stored credential: ids, public fields, times, and a sealed secret of 137.
    private static let rowSize = 400

    private func transactionRate(_ queue: DatabaseQueue, rows: Int) throws -> Double {
        let body = Data((0..<Self.rowSize).map { UInt8(truncatingIfNeeded: $0) })
        return try queue.writeWithoutTransaction { database in
            let insert = try database.makeStatement(sql: "INSERT INTO credential (body) VALUES (?)")
            let clock = ContinuousClock()
            let start = clock.now
            let end = start + .seconds(seconds)
            var transactions = 0
            while clock.now < end {
                try database.inTransaction(.immediate) {
                    for _ in 0..<rows { try insert.execute(arguments: [body]) }
                    return .commit
                }
                transactions += 1
            }
            return Double(transactions) / ((clock.now - start) / .seconds(1))
        }
    }
}
