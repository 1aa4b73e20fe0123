extension Migration {
    static let credentials = Migration(
        version: 2,
        name: "root keys, credentials and their links",
        statements: [
            """
            CREATE TABLE root_key (
                id TEXT NOT NULL PRIMARY KEY,
                canary BYTEA NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            // Ids are UUIDs of version 7: (organization_id, kind, id) is also the order of creation, so one index serves the
            // lists, the counts and the foreign key of the links.
            """
            CREATE TABLE credential (
                id UUID NOT NULL PRIMARY KEY,
                organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                description TEXT,
                public_fields TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                root_key_id TEXT NOT NULL REFERENCES root_key (id),
                sealed BYTEA NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                UNIQUE (organization_id, kind, id)
            )
            """,
            // By the schema a link joins a credential and a project of the same organization.
            """
            CREATE TABLE credential_project (
                project_id UUID NOT NULL,
                kind TEXT NOT NULL,
                credential_id UUID NOT NULL,
                organization_id UUID NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, kind, credential_id),
                FOREIGN KEY (organization_id, kind, credential_id)
                    REFERENCES credential (organization_id, kind, id) ON DELETE CASCADE,
                FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX credential_project_by_credential ON credential_project (credential_id, project_id)",
        ]
    )
}
