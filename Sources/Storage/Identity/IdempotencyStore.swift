public import Foundation
public import Tenancy

/// The answers to creating requests that carried an `Idempotency-Key`, kept for a day.
public struct IdempotencyStore {
    private let session: any SQLSession

    /// How long an answer is kept, in seconds.
    public static let lifetime: TimeInterval = 24 * 60 * 60

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// What was answered to a request.
    public struct Answer: Sendable, Equatable {
        /// A keyed hash of the request: method, path and body.
        public let requestMAC: [UInt8]
        /// The HTTP status.
        public let status: Int
        /// The `Location` header.
        public let location: String?
        /// The body; nil when it holds something that is shown only once.
        public let body: String?

        /// An answer.
        public init(requestMAC: [UInt8], status: Int, location: String?, body: String?) {
            self.requestMAC = requestMAC
            self.status = status
            self.location = location
            self.body = body
        }
    }

    /// The answer that `user` got under `key` within the last day.
    public func find(_ key: String, of user: UserID, now: Date) throws -> Answer? {
        try session.first(
            """
            SELECT request_mac, status, location, body FROM idempotency
            WHERE user_id = $1 AND key = $2 AND created_at > $3
            """,
            [.uuid(user.uuid), .text(key), .time(now - IdempotencyStore.lifetime)]
        ).map { row in
            Answer(
                requestMAC: try row.bytes(0),
                status: Int(try row.integer(1)),
                location: try row.optionalText(2),
                body: try row.optionalText(3)
            )
        }
    }

    /// Keeps an answer, in place of one that is older than a day.
    public func insert(_ answer: Answer, key: String, of user: UserID, now: Date) throws {
        try session.execute(
            "DELETE FROM idempotency WHERE user_id = $1 AND key = $2",
            [.uuid(user.uuid), .text(key)]
        )
        try session.execute(
            """
            INSERT INTO idempotency (user_id, key, request_mac, status, location, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .uuid(user.uuid), .text(key), .bytes(answer.requestMAC), .integer(Int64(answer.status)),
                .text(answer.location), .text(answer.body), .time(now),
            ]
        )
    }

    /// Forgets every answer that is older than a day.
    public func deleteExpired(now: Date) throws {
        try session.execute(
            "DELETE FROM idempotency WHERE created_at <= $1",
            [.time(now - IdempotencyStore.lifetime)]
        )
    }
}
