extension Migration {
    static let scans = Migration(
        version: 6,
        name: "scans, images, their packages, findings and decisions, kept layers",
        statements: images + scan + findings + layers
    )

    private static let scan = [
        // A deleted credential leaves what was found with it; a scan that still waits for it tells by uses_credential that it
        // is no scan of a public image. Scans of one priority are claimed in the order of their turns: a project's scans have
        // one turn each, so that no project waits for the whole queue of another.
        """
        CREATE TABLE scan (
            id UUID NOT NULL PRIMARY KEY,
            organization_id UUID NOT NULL,
            project_id UUID NOT NULL,
            uses_credential BIGINT NOT NULL CHECK (uses_credential IN (0, 1)),
            credential_id UUID REFERENCES credential (id) ON DELETE SET NULL,
            asked_by UUID REFERENCES user_account (id) ON DELETE SET NULL,
            image TEXT NOT NULL,
            repository TEXT NOT NULL,
            tag TEXT NOT NULL,
            platform TEXT NOT NULL,
            branch TEXT,
            private BIGINT NOT NULL CHECK (private IN (0, 1)),
            severities TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('queued', 'running', 'completed', 'completed_degraded', 'failed', 'cancelled')),
            priority BIGINT NOT NULL,
            turn BIGINT NOT NULL,
            step TEXT NOT NULL,
            progress BIGINT NOT NULL CHECK (progress BETWEEN 0 AND 100),
            attempts BIGINT NOT NULL,
            cancel_asked BIGINT NOT NULL CHECK (cancel_asked IN (0, 1)),
            lease_id UUID,
            lease_until BIGINT,
            error_category TEXT,
            error_code TEXT,
            error_status BIGINT,
            error_hint TEXT,
            error_message TEXT,
            image_id UUID REFERENCES image (id) ON DELETE SET NULL,
            finding_count BIGINT,
            completeness TEXT,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            finished_at BIGINT,
            updated_at BIGINT NOT NULL,
            FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
        )
        """,
        "CREATE INDEX scan_to_claim ON scan (state, priority, turn, id)",
        "CREATE INDEX scan_by_project ON scan (project_id, id)",
        "CREATE INDEX scan_by_project_state ON scan (project_id, state, priority, turn)",
        "CREATE INDEX scan_by_reference ON scan (project_id, image, platform, state)",
        "CREATE INDEX scan_by_owner ON scan (organization_id, project_id)",
        "CREATE INDEX scan_by_lease ON scan (state, lease_until)",
        "CREATE INDEX scan_by_credential ON scan (credential_id)",
        "CREATE INDEX scan_by_user ON scan (asked_by)",
        "CREATE INDEX scan_by_image ON scan (image_id)",
    ]

    private static let images = [
        // scan_id refers to no row: scans refer to images, and old scans may go before the images that they made.
        """
        CREATE TABLE image (
            id UUID NOT NULL PRIMARY KEY,
            organization_id UUID NOT NULL,
            project_id UUID NOT NULL,
            repository TEXT NOT NULL,
            tag TEXT NOT NULL,
            platform TEXT NOT NULL,
            branch TEXT,
            digest TEXT NOT NULL,
            index_digest TEXT,
            os_family TEXT,
            os_name TEXT,
            size_in_bytes BIGINT NOT NULL,
            layers TEXT NOT NULL,
            completeness TEXT NOT NULL,
            degraded BIGINT NOT NULL CHECK (degraded IN (0, 1)),
            scan_id UUID NOT NULL,
            package_count BIGINT NOT NULL,
            critical BIGINT NOT NULL,
            high BIGINT NOT NULL,
            medium BIGINT NOT NULL,
            low BIGINT NOT NULL,
            negligible BIGINT NOT NULL,
            unknown BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            scanned_at BIGINT NOT NULL,
            matched_at BIGINT NOT NULL,
            UNIQUE (project_id, repository, tag, platform),
            FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
        )
        """,
        "CREATE INDEX image_by_owner ON image (organization_id, project_id)",
        "CREATE INDEX image_by_age ON image (project_id, scanned_at, id)",
        // Apart from the image: lists of images need not read past it.
        """
        CREATE TABLE image_inventory (
            image_id UUID NOT NULL PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE,
            inventory BYTEA NOT NULL
        )
        """,
        """
        CREATE TABLE image_package (
            image_id UUID NOT NULL REFERENCES image (id) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            organization_id UUID NOT NULL,
            project_id UUID NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            purl TEXT NOT NULL,
            licenses TEXT NOT NULL,
            path TEXT,
            layer BIGINT,
            severity BIGINT NOT NULL,
            finding_count BIGINT NOT NULL,
            PRIMARY KEY (image_id, position)
        )
        """,
        "CREATE INDEX image_package_by_name ON image_package (organization_id, name, image_id)",
        "CREATE INDEX image_package_by_project ON image_package (project_id, name, kind, version)",
    ]

    /// Every order in which findings are listed has an index, and every index holds all that findings are filtered by, so that a
    /// page is found, and its list counted, without a look at the rows.
    private static let findings =
        [
            """
            CREATE TABLE finding (
                id UUID NOT NULL PRIMARY KEY,
                organization_id UUID NOT NULL,
                project_id UUID NOT NULL,
                repository TEXT NOT NULL,
                package_kind TEXT NOT NULL,
                package_name TEXT NOT NULL,
                flaw TEXT NOT NULL,
                aliases TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('to_verify', 'confirmed', 'resolved', 'ignored')),
                reason TEXT,
                decided_by UUID REFERENCES user_account (id) ON DELETE SET NULL,
                decided_at BIGINT,
                decision_expires_at BIGINT,
                severity BIGINT NOT NULL,
                score BIGINT NOT NULL,
                fixable BIGINT NOT NULL CHECK (fixable IN (0, 1)),
                exploited BIGINT NOT NULL CHECK (exploited IN (0, 1)),
                present BIGINT NOT NULL CHECK (present IN (0, 1)),
                image_count BIGINT NOT NULL,
                first_seen_at BIGINT NOT NULL,
                last_seen_at BIGINT NOT NULL,
                known_since BIGINT NOT NULL,
                detail TEXT NOT NULL,
                UNIQUE (project_id, repository, package_kind, package_name, flaw),
                FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX finding_by_owner ON finding (organization_id, project_id)",
            "CREATE INDEX finding_by_expiry ON finding (decision_expires_at)",
            "CREATE INDEX finding_by_user ON finding (decided_by)",
        ]
        + [
            "severity, score", "score, severity", "package_name, severity", "first_seen_at, severity",
            "last_seen_at, severity",
            "status, severity", "package_kind, severity",
        ].map { order in
            let sorted = order.split(separator: ", ").map(String.init)
            let filtered = [
                "id", "status", "fixable", "exploited", "repository", "flaw", "aliases", "severity", "score",
                "first_seen_at",
                "package_name", "package_kind",
            ].filter { !sorted.contains($0) }
            return """
                CREATE INDEX finding_in_order_of_\(sorted[0])
                    ON finding (project_id, present, \(order), \(filtered.joined(separator: ", ")))
                """
        } + [
            // Numbers by severity and status come in the order of this one.
            """
            CREATE INDEX finding_to_count ON finding (project_id, present, severity, status, fixable, exploited, repository,
                package_name, package_kind, flaw, aliases, id)
            """,
            """
            CREATE TABLE finding_alias (
                finding_id UUID NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
                organization_id UUID NOT NULL,
                flaw TEXT NOT NULL,
                PRIMARY KEY (finding_id, flaw)
            )
            """,
            "CREATE INDEX finding_alias_by_flaw ON finding_alias (organization_id, flaw, finding_id)",
            """
            CREATE TABLE finding_image (
                image_id UUID NOT NULL REFERENCES image (id) ON DELETE CASCADE,
                finding_id UUID NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
                place BIGINT NOT NULL,
                installed_version TEXT NOT NULL,
                fixed_in TEXT,
                severity BIGINT NOT NULL,
                score BIGINT NOT NULL,
                layer BIGINT,
                layer_digest TEXT,
                introduced_by TEXT,
                path TEXT,
                PRIMARY KEY (image_id, finding_id, place)
            )
            """,
            "CREATE INDEX finding_image_by_finding ON finding_image (finding_id, image_id)",
        ]

    /// Of the same form, and apart: each has a limit of its own.
    private static let layers = ["layer_inventory", "resolved_image"].flatMap { table in
        [
            """
            CREATE TABLE \(table) (
                digest TEXT NOT NULL,
                scope TEXT NOT NULL,
                contents BYTEA NOT NULL,
                size_in_bytes BIGINT NOT NULL,
                used_at BIGINT NOT NULL,
                PRIMARY KEY (digest, scope)
            )
            """,
            "CREATE INDEX \(table)_by_use ON \(table) (used_at, size_in_bytes)",
        ]
    }
}
