extension Migration {
    /// What is due is taken in turns by organization, so that the row must know its own and be found by it. A table of its own takes
    /// the place of the old one, because SQLite adds no column that must not be null.
    static let fairness = Migration(
        version: 5,
        name: "what is due of each organization",
        statements: [
            """
            CREATE TABLE credential_probe (
                credential_id UUID NOT NULL PRIMARY KEY REFERENCES credential (id) ON DELETE CASCADE,
                organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                version BIGINT NOT NULL CHECK (version >= 0),
                state TEXT NOT NULL CHECK (state IN
                    ('verified', 'rejected', 'insufficient', 'excessive', 'unreachable', 'unverified')),
                checked_at BIGINT,
                expires_at BIGINT,
                expiry_source TEXT NOT NULL,
                report TEXT,
                pinned_realm TEXT,
                failures BIGINT NOT NULL,
                next_check_at BIGINT NOT NULL,
                lease_id UUID,
                lease_until BIGINT
            )
            """,
            """
            INSERT INTO credential_probe (credential_id, organization_id, version, state, checked_at, expires_at,
                expiry_source, report, pinned_realm, failures, next_check_at, lease_id, lease_until)
            SELECT v.credential_id, credential.organization_id, v.version, v.state, v.checked_at, v.expires_at,
                v.expiry_source, v.report, v.pinned_realm, v.failures, v.next_check_at, v.lease_id, v.lease_until
            FROM credential_verification AS v JOIN credential ON credential.id = v.credential_id
            """,
            "DROP TABLE credential_verification",
            "ALTER TABLE credential_probe RENAME TO credential_verification",
            "CREATE INDEX credential_verification_due ON credential_verification (organization_id, next_check_at)",
        ]
    )
}
