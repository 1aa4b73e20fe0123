extension Migration {
    static let verifications = Migration(
        version: 4,
        name: "what probing credentials came to, when they end and when they were used",
        statements: [
            // Given by the user; what the registry or the secret itself tells stands in the verification.
            "ALTER TABLE credential ADD COLUMN expires_at BIGINT",
            "ALTER TABLE credential ADD COLUMN last_used_at BIGINT",
            // A row is made when a probe is scheduled, not when a credential is stored. Version 0 is before the first probe.
            """
            CREATE TABLE credential_verification (
                credential_id UUID NOT NULL PRIMARY KEY REFERENCES credential (id) ON DELETE CASCADE,
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
            "CREATE INDEX credential_verification_due ON credential_verification (next_check_at)",
            """
            CREATE TABLE credential_verification_event (
                id UUID NOT NULL PRIMARY KEY,
                credential_id UUID NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
                version BIGINT NOT NULL,
                state TEXT NOT NULL,
                reason TEXT NOT NULL,
                code TEXT,
                advice TEXT,
                checked_at BIGINT NOT NULL
            )
            """,
            """
            CREATE INDEX credential_verification_event_by_credential
                ON credential_verification_event (credential_id, checked_at, id)
            """,
        ]
    )
}
