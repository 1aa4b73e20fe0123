extension Migration {
    /// Packages are found by their names as package URLs spell them, in the index that they are found in by their own names.
    static let packageNames = Migration(
        version: 10,
        name: "packages by names in either case",
        statements: [
            "DROP INDEX image_package_by_name",
            """
            CREATE INDEX image_package_by_folded_name
                ON image_package (organization_id, REPLACE(LOWER(name), '_', '-'), name, kind, image_id)
            """,
        ]
    )
}
