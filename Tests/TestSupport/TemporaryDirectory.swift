import Foundation
public import Storage

/// A directory of its own for one test.
public struct TemporaryDirectory: Sendable {
    /// The absolute path, without a slash at its end.
    public let path: String

    /// The path of a file in the directory.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file in the directory.
    public func contents(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// The names of the files in the directory, sorted.
    public func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

/// Lends a new directory to `body` and deletes it afterwards, also when `body` throws.
public func withTemporaryDirectory<Result>(_ body: (TemporaryDirectory) throws -> Result) throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { delete(directory) }
    return try body(directory)
}

/// Lends a new directory to `body` and deletes it afterwards, also when `body` throws.
public func withTemporaryDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (TemporaryDirectory) async throws -> Result
) async throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { delete(directory) }
    return try await body(directory)
}

/// Lends a new, migrated SQLite database to `body`; it is closed and deleted afterwards.
public func withTemporaryDatabase<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (SQLiteDatabase) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { directory in
        let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
        do {
            try await Migrator(database).migrate()
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

private func makeTemporaryDirectory() throws -> TemporaryDirectory {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("pratique-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    return TemporaryDirectory(path: url.path)
}

private func delete(_ directory: TemporaryDirectory) {
    // A leftover in the temporary directory is no reason to fail a test that passed.
    try? FileManager.default.removeItem(atPath: directory.path)
}
