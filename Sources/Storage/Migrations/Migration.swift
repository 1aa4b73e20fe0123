/// One step of the schema: plain SQL that both engines take, run in one transaction, never edited once shipped.
struct Migration: Sendable {
    /// Counts from 1, without gaps.
    let version: Int64
    /// What it does, in a few words.
    let name: String
    /// The statements, in order.
    let statements: [String]

    /// Every migration, in order.
    static let all: [Migration] = [
        .identity, .credentials, .idempotency, .verifications, .fairness, .scans, .overview, .filters, .schedules,
        .packageNames,
        .waits,
    ]
}
