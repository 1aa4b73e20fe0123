import Foundation
import Storage
import TestSupport
import Testing

/// Values go into the database and come back as they were; a column of another type is an error and never a guess.
@Suite struct SQLValueTests {
    static let values: [SQLValue] = [
        .null, .integer(0), .integer(.max), .integer(.min), .text(""), .text("名前 '\"\\ %_ 👨‍👩‍👧"), .text("e\u{301}"),
        .bytes([]),
        .bytes([0, 255, 0]), .bytes((0...255).map { UInt8($0) }),
    ]

    @Test(arguments: values)
    func valueComesBackAsItWas(value: SQLValue) async throws {
        try await withTemporaryDatabase { database in
            let found = try await database.read { try $0.first("SELECT $1", [value])?.values }
            #expect(found == [value])
        }
    }

    @Test func placeholdersTakeTheirValuesInOrderAndMoreThanOnce() async throws {
        try await withTemporaryDatabase { database in
            let values = (1...12).map { SQLValue.integer(Int64($0)) }
            let sql = "SELECT " + (1...12).map { "$\($0)" }.joined(separator: ", ") + ", $3, $12"
            let found = try await database.read { try $0.first(sql, values)?.values }
            #expect(found == values + [.integer(3), .integer(12)])
        }
    }

    @Test func uuidIsKeptInSixteenBytes() async throws {
        try await withTemporaryDatabase { database in
            let uuid = UUID()
            let row = try await database.read { try $0.first("SELECT $1, LENGTH($1)", [.uuid(uuid)]) }
            let found = try #require(row)
            #expect(try found.uuid(0) == uuid)
            #expect(try found.integer(1) == 16)
        }
    }

    @Test func timeIsKeptInMilliseconds() throws {
        for milliseconds in [0, 1, 999, 1_700_000_000_123, 4_102_444_800_999, -1] as [Int64] {
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
            #expect(SQLValue.time(date) == .integer(milliseconds))
            #expect(try SQLRow([.integer(milliseconds)]).time(0) == date)
        }
        #expect(SQLValue.time(nil as Date?) == .null)
        #expect(SQLValue.text(nil as String?) == .null)
        #expect(SQLValue.uuid(nil as UUID?) == .null)
    }

    @Test func columnOfAnotherTypeIsAnError() throws {
        let row = SQLRow([.null, .integer(1), .text("x"), .bytes([1]), .uuid(UUID())])
        let readers: [(String, Set<Int>, (Int) throws -> Void)] = [
            ("integer", [1], { _ = try row.integer($0) }),
            ("time", [1], { _ = try row.time($0) }),
            ("text", [2], { _ = try row.text($0) }),
            ("bytes", [3], { _ = try row.bytes($0) }),
            ("uuid", [4], { _ = try row.uuid($0) }),
            ("optional text", [0, 2], { _ = try row.optionalText($0) }),
            ("optional time", [0, 1], { _ = try row.optionalTime($0) }),
            ("optional uuid", [0, 4], { _ = try row.optionalUUID($0) }),
        ]
        for (name, columns, read) in readers {
            for column in row.values.indices {
                let code = try failure(inSession: { try read(column) })
                #expect(code == (columns.contains(column) ? nil : .unexpectedValue), "\(name) of column \(column)")
            }
        }
    }

    /// SQLite keeps what it is given; a real in a column of ours was not written by us.
    @Test func realIsNoValueOfOurs() async throws {
        try await withTemporaryDatabase { database in
            let row = try await database.read { try $0.first("SELECT 1.5", []) }
            #expect(try failure(inSession: { _ = try row?.integer(0) }) == .unexpectedValue)
        }
    }
}
