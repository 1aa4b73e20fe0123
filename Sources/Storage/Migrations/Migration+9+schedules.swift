extension Migration {
    static let schedules = Migration(
        version: 9,
        name: "schedules of scans, what old scans are found by, whose organization runs the service",
        statements: [
            // As with a scan, a deleted credential leaves a schedule that tells by uses_credential that it lacks one.
            """
            CREATE TABLE scan_schedule (
                id UUID NOT NULL PRIMARY KEY,
                organization_id UUID NOT NULL,
                project_id UUID NOT NULL,
                uses_credential BIGINT NOT NULL CHECK (uses_credential IN (0, 1)),
                credential_id UUID REFERENCES credential (id) ON DELETE SET NULL,
                created_by UUID REFERENCES user_account (id) ON DELETE SET NULL,
                repository TEXT NOT NULL,
                tag_pattern TEXT NOT NULL,
                platform TEXT NOT NULL,
                branch TEXT,
                rhythm TEXT NOT NULL CHECK (rhythm IN ('on_change', 'daily', 'weekly')),
                enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
                next_run_at BIGINT NOT NULL,
                last_run_at BIGINT,
                last_tags BIGINT NOT NULL,
                last_scans BIGINT NOT NULL,
                failures BIGINT NOT NULL,
                error_category TEXT,
                error_code TEXT,
                error_status BIGINT,
                error_hint TEXT,
                error_message TEXT,
                lease_id UUID,
                lease_until BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                UNIQUE (project_id, repository, tag_pattern, platform),
                FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX scan_schedule_due ON scan_schedule (enabled, next_run_at)",
            "CREATE INDEX scan_schedule_by_owner ON scan_schedule (organization_id, project_id)",
            "CREATE INDEX scan_schedule_by_credential ON scan_schedule (credential_id)",
            "CREATE INDEX scan_schedule_by_user ON scan_schedule (created_by)",
            // What each tag stood for when it was last scanned by its schedule. scan_id refers to no row: old scans go before it.
            """
            CREATE TABLE scan_schedule_tag (
                schedule_id UUID NOT NULL REFERENCES scan_schedule (id) ON DELETE CASCADE,
                tag TEXT NOT NULL,
                digest TEXT NOT NULL,
                scan_id UUID NOT NULL,
                scans BIGINT NOT NULL,
                PRIMARY KEY (schedule_id, tag)
            )
            """,
            "CREATE INDEX image_by_scan ON image (scan_id)",
            "CREATE INDEX scan_by_end ON scan (finished_at)",
            // Whose administrators may change what all organizations share. Of a service that is older than this, the first one.
            """
            CREATE TABLE operating_organization (
                organization_id UUID NOT NULL PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE
            )
            """,
            "INSERT INTO operating_organization (organization_id) SELECT id FROM organization ORDER BY id LIMIT 1",
        ]
    )
}
