public import Foundation
public import Sealing

/// The root keys that were ever used here, each with its canary.
public struct RootKeyStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Notes that a root key is in use; does nothing when that is known.
    public func insert(_ id: RootKeyID, canary: SealedSecret, at time: Date) throws {
        try session.execute(
            "INSERT INTO root_key (id, canary, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [.text(id.description), .bytes(canary.stored), .time(time)]
        )
    }

    /// Every known root key with its canary and the number of credentials that it seals.
    public func list() throws -> [(id: RootKeyID, canary: SealedSecret, credentials: Int)] {
        try session.query(
            """
            SELECT id, canary, (SELECT COUNT(*) FROM credential WHERE root_key_id = root_key.id)
            FROM root_key ORDER BY created_at, id
            """,
            []
        ).map { row in
            guard let id = RootKeyID(try row.text(0)) else {
                throw StorageError(.unexpectedValue, "a root key has no valid id")
            }
            return (id, try SealedSecret(stored: row.bytes(1)), Int(try row.integer(2)))
        }
    }
}
