public import Tenancy

/// Users.
public struct UserStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds a user.
    public func insert(_ user: User) throws {
        try session.execute(
            "INSERT INTO user_account (id, name, email, created_at) VALUES ($1, $2, $3, $4)",
            [.uuid(user.id.uuid), .text(user.name), .text(user.email), .time(user.createdAt)]
        )
    }

    /// The user `id`, if it exists.
    public func find(_ id: UserID) throws -> User? {
        try session.first(
            "SELECT id, name, email, created_at FROM user_account WHERE id = $1",
            [.uuid(id.uuid)]
        ).map(User.init(row:))
    }

    /// Writes a user's name and e-mail address.
    public func update(_ user: User) throws {
        try session.execute(
            "UPDATE user_account SET name = $1, email = $2 WHERE id = $3",
            [.text(user.name), .text(user.email), .uuid(user.id.uuid)]
        )
    }

    /// Whether nobody has been made yet, as on a first start.
    public func isEmpty() throws -> Bool {
        try session.first("SELECT 1 FROM user_account LIMIT 1", []) == nil
    }
}

extension User {
    /// From the columns id, name, email, created_at.
    init(row: SQLRow) throws {
        self.init(
            id: UserID(try row.uuid(0)),
            name: try row.text(1),
            email: try row.optionalText(2),
            createdAt: try row.time(3)
        )
    }
}
