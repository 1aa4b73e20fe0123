extension Migration {
    static let idempotency = Migration(
        version: 3,
        name: "answers kept for repeated requests",
        statements: [
            """
            CREATE TABLE idempotency (
                user_id UUID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                key TEXT NOT NULL,
                request_mac BYTEA NOT NULL,
                status BIGINT NOT NULL,
                location TEXT,
                body TEXT,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (user_id, key)
            )
            """,
            "CREATE INDEX idempotency_by_age ON idempotency (created_at)",
        ]
    )
}
