public import Foundation
import Registries
import Tenancy

/// What probing credentials came to, and which credential is due next.
///
/// A prober holds a lease on the row of the credential that it probes, so that two nodes do not probe the same one at once. A
/// lease that ran out is nobody's: the work of a dead node returns by itself.
public struct VerificationStore {
    let session: any SQLSession

    /// Entries of history that are kept for each credential. Source: issue 3, "the history (30 entries)".
    public static let historyLimit = 30

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Makes a probe of a credential due at `time`, or leaves it due earlier. Does nothing for one that does not exist, and for
    /// one whose present version was probed: when that is due again stands fast, however often it is asked for.
    public func schedule(_ id: CredentialID, at time: Date) throws {
        try session.execute(
            """
            INSERT INTO credential_verification
                (credential_id, organization_id, version, state, expiry_source, failures, next_check_at)
            SELECT id, organization_id, 0, 'unverified', 'unknown', 0, $1 FROM credential WHERE id = $2
            ON CONFLICT (credential_id) DO UPDATE SET next_check_at =
                CASE WHEN credential_verification.next_check_at < excluded.next_check_at
                THEN credential_verification.next_check_at ELSE excluded.next_check_at END
            WHERE credential_verification.version
                < (SELECT credential.version FROM credential WHERE credential.id = excluded.credential_id)
            """,
            [.time(time), .uuid(id.uuid)]
        )
    }

    /// Looks through `span` credentials behind `start`, in the order of their ids, for at most `limit` whose present version was
    /// never probed and for which no probe is due: those that were stored or rotated right before a crash, or in a flood. `next`
    /// is where to go on; nil at the end.
    public func forgotten(
        after start: CredentialID? = nil,
        span: Int = 1_000,
        at now: Date,
        limit: Int
    ) throws -> (found: [CredentialID], next: CredentialID?) {
        let start = SQLValue.uuid(start?.uuid ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        let found = try session.query(
            """
            SELECT c.id
            FROM (SELECT id, version FROM credential WHERE id > $1 ORDER BY id LIMIT $2) AS c
            LEFT JOIN credential_verification AS v ON v.credential_id = c.id
            WHERE v.credential_id IS NULL OR (v.version < c.version AND v.next_check_at > $3)
            ORDER BY c.id LIMIT $4
            """,
            [start, .integer(Int64(span)), .time(now), .integer(Int64(limit))]
        ).map { CredentialID(try $0.uuid(0)) }
        if found.count == limit { return (found, found.last) }
        let last = try session.first(
            "SELECT id FROM credential WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
            [start, .integer(Int64(span) - 1)]
        )
        return (found, try last.map { CredentialID(try $0.uuid(0)) })
    }

    /// Leases those of `due` that are still due and held by nobody, and returns them: another node may have been faster since
    /// they were found, and the row's lock lets one of two have it.
    public func claim(
        _ due: [VerificationClaim],
        lease: UUID,
        until: Date,
        now: Date
    ) throws -> [VerificationClaim] {
        try due.filter { claim in
            try session.execute(
                """
                UPDATE credential_verification SET lease_id = $1, lease_until = $2
                WHERE credential_id = $3 AND next_check_at <= $4 AND (lease_until IS NULL OR lease_until <= $4)
                """,
                [.uuid(lease), .time(until), .uuid(claim.credential.uuid), .time(now)]
            ) > 0
        }
    }

    /// Leases one credential, due or not; returns false when somebody else has it.
    public func claim(_ id: CredentialID, lease: UUID, until: Date, now: Date) throws -> Bool {
        try session.execute(
            """
            UPDATE credential_verification SET lease_id = $1, lease_until = $2
            WHERE credential_id = $3 AND (lease_until IS NULL OR lease_until <= $4)
            """,
            [.uuid(lease), .time(until), .uuid(id.uuid), .time(now)]
        ) > 0
    }

    /// Gives a lease back without an outcome; the probe is due as before, or at `time` if that is given.
    public func release(_ id: CredentialID, lease: UUID, dueAt time: Date? = nil) throws {
        try session.execute(
            """
            UPDATE credential_verification
            SET lease_id = NULL, lease_until = NULL, next_check_at = COALESCE($1, next_check_at)
            WHERE credential_id = $2 AND lease_id = $3
            """,
            [.time(time), .uuid(id.uuid), .uuid(lease)]
        )
    }

    /// Makes the next probe of a credential due at `time`, be that earlier or later than before.
    public func move(_ id: CredentialID, to time: Date) throws {
        try session.execute(
            "UPDATE credential_verification SET next_check_at = $1 WHERE credential_id = $2",
            [.time(time), .uuid(id.uuid)]
        )
    }

    /// Writes what a probe came to and gives the lease back. Returns false, and writes nothing, when the credential has another
    /// version by now, is gone, or the lease went to somebody else.
    public func record(_ record: VerificationRecord, lease: UUID) throws -> Bool {
        let isCurrent = try write(
            record,
            " AND lease_id = $11 AND EXISTS (SELECT 1 FROM credential WHERE id = $10 AND version = $1)",
            [.uuid(lease)]
        )
        if isCurrent { try addEvent(record) }
        return isCurrent
    }

    /// Writes the outcome of a probe that was made before its secret was stored, in the transaction that stores it. Whoever
    /// holds a lease for the version before loses it.
    public func recordChange(_ record: VerificationRecord) throws {
        try schedule(record.credential, at: record.nextCheckAt)
        if try write(record, "", []) { try addEvent(record) }
    }

    private func write(_ record: VerificationRecord, _ condition: String, _ values: [SQLValue]) throws -> Bool {
        let outcome = record.outcome
        return try session.execute(
            """
            UPDATE credential_verification
            SET version = $1, state = $2, checked_at = $3, expires_at = $4, expiry_source = $5, report = $6,
                pinned_realm = COALESCE($7, pinned_realm), failures = $8, next_check_at = $9,
                lease_id = NULL, lease_until = NULL
            WHERE credential_id = $10\(condition)
            """,
            [
                .integer(record.version), .text(outcome.state.rawValue), .time(outcome.checkedAt),
                .time(outcome.expiry.at), .text(outcome.expiry.source.rawValue), .text(try outcome.report),
                .text(record.realmToPin), .integer(Int64(record.failures)), .time(record.nextCheckAt),
                .uuid(record.credential.uuid),
            ] + values
        ) > 0
    }

    private func addEvent(_ record: VerificationRecord) throws {
        let event = VerificationEvent(record)
        try session.execute(
            """
            INSERT INTO credential_verification_event
                (id, credential_id, version, state, reason, code, advice, checked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .uuid(UUID.version7()), .uuid(record.credential.uuid), .integer(event.version),
                .text(event.state.rawValue), .text(event.reason.rawValue), .text(event.code), .text(event.advice),
                .time(event.checkedAt),
            ]
        )
        try session.execute(
            """
            DELETE FROM credential_verification_event
            WHERE id IN (
                SELECT id FROM credential_verification_event WHERE credential_id = $1
                ORDER BY checked_at DESC, id DESC LIMIT 100 OFFSET $2
            )
            """,
            [.uuid(record.credential.uuid), .integer(Int64(VerificationStore.historyLimit))]
        )
    }
}
