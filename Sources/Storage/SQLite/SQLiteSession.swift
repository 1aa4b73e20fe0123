import Foundation
import GRDB

/// One GRDB connection inside a transaction.
struct SQLiteSession: SQLSession {
    let database: GRDB.Database

    var dialect: SQLDialect { .sqlite }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        do {
            try prepared(sql, values).execute()
            return database.changesCount
        } catch let error as DatabaseError {
            throw StorageError(sqlite: error)
        }
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        do {
            let cursor = try Row.fetchCursor(prepared(sql, values))
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(row.databaseValues.map(SQLValue.init(sqlite:))))
            }
            return rows
        } catch let error as DatabaseError {
            throw StorageError(sqlite: error)
        }
    }

    private func prepared(_ sql: String, _ values: [SQLValue]) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql)
        statement.setUncheckedArguments(StatementArguments(values.map(\.sqlite)))
        return statement
    }
}

extension SQLValue {
    fileprivate init(sqlite value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .string(let text): .text(text)
            case .blob(let data): .bytes(Array(data))
            // No column of ours is a real; what is read as one does not match any accessor and throws there.
            case .double: .null
            }
    }

    fileprivate var sqlite: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        case .uuid(let uuid): uuid.databaseValue
        }
    }
}
