extension Migration {
    /// What findings and packages are filtered by that stands in other rows, kept in their own, so that a list is counted in an index.
    static let filters = Migration(
        version: 8,
        name: "branches of findings, statuses and fixes of packages",
        statements: branches + findings + packages
    )

    private static let branches = [
        // A project's branches have a bit each, as long as there are bits: 0 is that of the others.
        """
        CREATE TABLE branch (
            project_id UUID NOT NULL REFERENCES project (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            bit BIGINT NOT NULL,
            PRIMARY KEY (project_id, name)
        )
        """,
        """
        INSERT INTO branch (project_id, name, bit)
        SELECT project_id, branch, CASE WHEN place <= 62 THEN CAST(1 AS BIGINT) << CAST(place - 1 AS INTEGER) ELSE 0 END
        FROM (
            SELECT project_id, branch, ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY branch) AS place
            FROM (SELECT DISTINCT project_id, branch FROM image WHERE branch IS NOT NULL) AS named
        ) AS numbered
        """,
    ]

    private static let findings =
        [
            "ALTER TABLE finding ADD COLUMN branches BIGINT NOT NULL DEFAULT 0",
            """
            UPDATE finding SET branches = COALESCE((
                SELECT CAST(SUM(DISTINCT b.bit) AS BIGINT) FROM finding_image AS p JOIN image AS i ON i.id = p.image_id
                    JOIN branch AS b ON b.project_id = i.project_id AND b.name = i.branch
                WHERE p.finding_id = finding.id
            ), 0)
            """,
        ]
        + [
            "severity, score", "score, severity", "package_name, severity", "first_seen_at, severity",
            "last_seen_at, severity", "status, severity", "package_kind, severity",
        ].flatMap { order in
            let sorted = order.split(separator: ", ").map(String.init)
            let filtered = [
                "id", "status", "fixable", "exploited", "repository", "flaw", "aliases", "severity", "score",
                "first_seen_at", "package_name", "package_kind", "branches",
            ].filter { !sorted.contains($0) }
            return [
                "DROP INDEX finding_in_order_of_\(sorted[0])",
                """
                CREATE INDEX finding_in_order_of_\(sorted[0])
                    ON finding (project_id, present, \(order), \(filtered.joined(separator: ", ")))
                """,
            ]
        } + [
            "DROP INDEX finding_to_count",
            """
            CREATE INDEX finding_to_count ON finding (project_id, present, severity, status, fixable, exploited, branches,
                repository, package_name, package_kind, flaw, aliases, id)
            """,
        ]

    private static let packages = [
        "ALTER TABLE image_package ADD COLUMN fixable BIGINT NOT NULL DEFAULT 0 CHECK (fixable IN (0, 1))",
        "ALTER TABLE image_package ADD COLUMN statuses BIGINT NOT NULL DEFAULT 0",
        """
        UPDATE image_package SET fixable = CASE WHEN EXISTS (\(findingsOfPackage) AND p.fixed_in IS NOT NULL) THEN 1 ELSE 0 END,
            statuses = CASE WHEN EXISTS (\(findingsOfPackage) AND f.status = 'to_verify') THEN 1 ELSE 0 END
                + CASE WHEN EXISTS (\(findingsOfPackage) AND f.status = 'confirmed') THEN 2 ELSE 0 END
                + CASE WHEN EXISTS (\(findingsOfPackage) AND f.status = 'resolved') THEN 4 ELSE 0 END
                + CASE WHEN EXISTS (\(findingsOfPackage) AND f.status = 'ignored') THEN 8 ELSE 0 END
        WHERE finding_count > 0
        """,
        "DROP INDEX image_package_by_project",
        """
        CREATE INDEX image_package_by_project
            ON image_package (project_id, name, kind, version, image_id, severity, fixable, statuses)
        """,
    ]

    private static let findingsOfPackage = """
        SELECT 1 FROM image AS i JOIN finding AS f ON f.project_id = i.project_id AND f.repository = i.repository
            JOIN finding_image AS p ON p.finding_id = f.id AND p.image_id = i.id
        WHERE i.id = image_package.image_id AND f.package_kind = image_package.kind AND f.package_name = image_package.name
            AND p.installed_version = image_package.version
        """
}
