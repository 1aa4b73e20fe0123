extension Migration {
    static let waits = Migration(
        version: 11,
        name: "scans that wait for a moment",
        statements: [
            // Until when a scan of the queue is not to be claimed; NULL where nothing holds it up.
            "ALTER TABLE scan ADD COLUMN waits_until BIGINT",
            // Those that wait are not in the way of the others, however many they are.
            "DROP INDEX scan_to_claim",
            "CREATE INDEX scan_to_claim ON scan (state, priority, turn, id) WHERE waits_until IS NULL",
            "CREATE INDEX scan_by_wait ON scan (waits_until) WHERE waits_until IS NOT NULL",
        ]
    )
}
