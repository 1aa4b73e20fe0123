import Tenancy

/// Conditions of a statement and the values that they hold, for the lists that can be narrowed in many ways.
struct SQLConditions {
    private(set) var values: [SQLValue] = []
    private var conditions: [String] = []

    /// What stands after `WHERE`.
    var text: String { conditions.joined(separator: " AND ") }

    /// Adds a value; returns its placeholder.
    mutating func bind(_ value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// Adds several values; returns `($1, $2, …)`.
    mutating func bind(all values: [SQLValue]) -> String {
        "(" + values.map { bind($0) }.joined(separator: ", ") + ")"
    }

    /// Adds a condition.
    mutating func require(_ condition: String) { conditions.append(condition) }

    /// Wants `column` to be one of `projects`; nil is all of them, and none is nothing at all.
    mutating func require(_ projects: Set<ProjectID>?, _ column: String) {
        guard let projects else { return }
        guard !projects.isEmpty else { return require("1 = 0") }
        require("\(column) IN \(bind(all: projects.map { .uuid($0.uuid) }))")
    }

    /// Conditions of another part of the same statement: they number their values on.
    func part() -> SQLConditions {
        var part = self
        part.conditions = []
        return part
    }

    /// Adds a condition that holds `part`, which was made of these.
    mutating func require(_ part: SQLConditions, _ condition: (String) -> String) {
        values = part.values
        require(condition(part.text))
    }

    /// What follows the conditions to give one page.
    mutating func limit(_ page: Page) -> String { "LIMIT \(bind(page.limit)) OFFSET \(bind(page.offset))" }
}

extension SQLDialect {
    /// Matches in either case: SQLite's LIKE does so in ASCII by itself.
    var like: String {
        switch self {
        case .sqlite: "LIKE"
        case .postgresql: "ILIKE"
        }
    }

    /// What a list is locked with so that the next one who asks sees other rows; SQLite has one writer at a time.
    var skipLocked: String {
        switch self {
        case .sqlite: ""
        case .postgresql: " FOR UPDATE SKIP LOCKED"
        }
    }
}

extension SQLValue {
    /// A pattern for `LIKE … ESCAPE '\'` of what contains `text` as it stands.
    static func containing(_ text: String) -> SQLValue {
        var pattern = "%"
        for character in text.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { pattern += "\\" }
            pattern.unicodeScalars.append(character)
        }
        return .text(pattern + "%")
    }

    /// A number or nothing.
    static func integer(_ number: Int?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }

    /// 1 or 0.
    static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
}

extension SQLRow {
    /// A column that may be null.
    func optionalInteger(_ column: Int) throws(StorageError) -> Int? {
        values[column] == .null ? nil : Int(try integer(column))
    }

    /// A column of 1 and 0.
    func flag(_ column: Int) throws(StorageError) -> Bool { try integer(column) != 0 }
}
