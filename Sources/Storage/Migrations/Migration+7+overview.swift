extension Migration {
    /// What a project's findings were on a day is one row, written when it differs from the row before.
    static let overview = Migration(
        version: 7,
        name: "numbers of findings by day",
        statements: [
            """
            CREATE TABLE finding_day (
                project_id UUID NOT NULL,
                organization_id UUID NOT NULL,
                day BIGINT NOT NULL,
                critical BIGINT NOT NULL,
                high BIGINT NOT NULL,
                medium BIGINT NOT NULL,
                low BIGINT NOT NULL,
                negligible BIGINT NOT NULL,
                unknown BIGINT NOT NULL,
                resolved BIGINT NOT NULL,
                ignored BIGINT NOT NULL,
                images BIGINT NOT NULL,
                incomplete_images BIGINT NOT NULL,
                PRIMARY KEY (project_id, day),
                FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id) ON DELETE CASCADE
            )
            """,
            "CREATE INDEX finding_day_by_owner ON finding_day (organization_id, project_id, day)",
        ]
    )
}
