extension Migration {
    static let identity = Migration(
        version: 1,
        name: "organizations, users, members, projects, API keys",
        statements: [
            """
            CREATE TABLE organization (
                id UUID NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE user_account (
                id UUID NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                email TEXT,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE member (
                organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                user_id UUID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'member')),
                created_at BIGINT NOT NULL,
                PRIMARY KEY (organization_id, user_id)
            )
            """,
            "CREATE INDEX member_by_user ON member (user_id, organization_id)",
            """
            CREATE TABLE project (
                id UUID NOT NULL PRIMARY KEY,
                organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                description TEXT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                UNIQUE (organization_id, id),
                UNIQUE (organization_id, name)
            )
            """,
            // The organization stands in the row so that a project's member is, by the schema, a member of its organization.
            """
            CREATE TABLE project_member (
                project_id UUID NOT NULL,
                user_id UUID NOT NULL,
                organization_id UUID NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('manager', 'analyst', 'developer', 'read_only')),
                created_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, user_id),
                FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE,
                FOREIGN KEY (organization_id, user_id) REFERENCES member (organization_id, user_id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX project_member_by_user ON project_member (organization_id, user_id)",
            "CREATE INDEX project_member_by_project ON project_member (organization_id, project_id)",
            """
            CREATE TABLE api_key (
                id UUID NOT NULL PRIMARY KEY,
                user_id UUID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                organization_id UUID REFERENCES organization (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                hash BYTEA NOT NULL,
                permissions BIGINT NOT NULL,
                narrowed_to_projects BIGINT NOT NULL CHECK (narrowed_to_projects IN (0, 1)),
                created_at BIGINT NOT NULL,
                expires_at BIGINT,
                last_used_at BIGINT
            )
            """,
            "CREATE INDEX api_key_by_user ON api_key (user_id, id)",
            "CREATE INDEX api_key_by_organization ON api_key (organization_id)",
            """
            CREATE TABLE api_key_project (
                api_key_id UUID NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
                project_id UUID NOT NULL REFERENCES project (id) ON DELETE CASCADE,
                PRIMARY KEY (api_key_id, project_id)
            )
            """,
            "CREATE INDEX api_key_project_by_project ON api_key_project (project_id)",
        ]
    )
}
