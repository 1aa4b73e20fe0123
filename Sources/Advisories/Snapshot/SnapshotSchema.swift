/// What a snapshot looks like inside.
enum SnapshotSchema {
    /// Counted up with every change that an older reader cannot read.
    static let version = 1
    /// `Prtq`: marks the file as ours.
    static let applicationID = 0x5072_7471

    static let sql = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        -- text: as OSV writes it; records: how many distinct ones, counted when an import ends.
        CREATE TABLE ecosystem (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, records INTEGER NOT NULL DEFAULT 0);
        -- state: see RecordState. advisories: numbers of the flaws that it is about. header: PackedHeader. packages: where it
        -- stands in `affected`.
        CREATE TABLE record (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, modified INTEGER NOT NULL,
            state INTEGER NOT NULL, advisories BLOB NOT NULL DEFAULT x'', header BLOB NOT NULL, packages BLOB NOT NULL,
            UNIQUE (name, scope)
        );
        -- The look-up of matching: everything about a package of an ecosystem lies together. packed: PackedEntry, one or more.
        CREATE TABLE affected (
            name TEXT NOT NULL, ecosystem INTEGER NOT NULL REFERENCES ecosystem (id),
            record INTEGER NOT NULL REFERENCES record (id), packed BLOB NOT NULL,
            PRIMARY KEY (name, ecosystem, record)
        ) WITHOUT ROWID;
        -- What all records together say of one flaw. packed: PackedAdvisory.
        CREATE TABLE advisory (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, packed BLOB NOT NULL);
        -- cve: CVEIdentifier.key.
        CREATE TABLE known_exploited (
            cve INTEGER PRIMARY KEY, added TEXT NOT NULL, due TEXT NOT NULL, ransomware INTEGER NOT NULL, name TEXT NOT NULL
        );
        CREATE TABLE epss (cve INTEGER PRIMARY KEY, score REAL NOT NULL, percentile REAL);
        """

    /// Keys of `meta`.
    enum Key: String {
        /// When the last import ended, as microseconds.
        case importedAt = "imported_at"
        /// The latest `modified` of any record, as microseconds.
        case newestModified = "newest_modified"
        case exploitedVersion = "known_exploited_version"
        case exploitedReleased = "known_exploited_released"
        case epssModel = "epss_model"
        /// As microseconds; empty for a file that does not say.
        case epssDate = "epss_date"
    }

    /// Throws ``AdvisoryError/Code/unusableDatabase`` when `file` is something else than a snapshot of this version.
    static func check(_ file: SnapshotFile) throws(AdvisoryError) {
        var application: Int64 = 0
        var found: Int64 = 0
        try file.prepare("PRAGMA application_id").forEach { row throws(AdvisoryError) in application = row.integer(0) }
        try file.prepare("PRAGMA user_version").forEach { row throws(AdvisoryError) in found = row.integer(0) }
        guard application == applicationID else {
            throw AdvisoryError(.unusableDatabase, "\(file.path) is no advisory database")
        }
        guard found == version else {
            throw AdvisoryError(
                .unusableDatabase,
                "the advisory database \(file.path) has format \(found), this release reads \(version): import anew"
            )
        }
    }
}

/// What became of a record.
enum RecordState: Int64 {
    /// It can match.
    case active = 0
    /// Kept so that an older copy does not come back.
    case withdrawn = 1
    /// It names no package and version that can be matched.
    case unmatchable = 2
    /// A notice, not a flaw.
    case informational = 3
}
