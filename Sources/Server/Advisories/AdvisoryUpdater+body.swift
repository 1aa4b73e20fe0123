import Advisories
import Foundation
import Scanning

extension AdvisoryUpdater {
    /// Everything that is told of advisories.
    var body: JSON {
        get async {
            let status = await library.status()
            let (running, last) = imports
            let interval = settings.interval.map { JSON.integer(Int($0 / 3_600)) }
            return .object([
                ("database", status?.body ?? .null), ("import", running?.body ?? last?.body ?? .null),
                ("sources", .array(settings.sources.map { .string($0.description) })),
                ("intervalHours", settings.sources.isEmpty ? .null : interval ?? .null),
            ])
        }
    }

    static let schema = Schema.object([
        ("database", databaseSchema.adding(["nullable": true])),
        ("import", importSchema.adding(["nullable": true])),
        ("sources", Schema.array(Schema.string("Address"), "Where advisories are fetched from")),
        (
            "intervalHours",
            Schema.integer("Hours between two fetches; null when they are fetched only when somebody asks")
                .adding(["nullable": true])
        ),
    ])

    private static let databaseSchema = Schema.object([
        ("importedAt", Schema.time("When the last import ended", nullable: true)),
        ("newestRecordAt", Schema.time("The latest change of any record", nullable: true)),
        ("records", Schema.integer("Records that can match")),
        (
            "ecosystems",
            Schema.array(
                Schema.object([
                    ("name", Schema.string("Ecosystem", example: "Debian:12")),
                    ("records", Schema.integer("Records that can match")),
                ])
            )
        ),
        (
            "knownExploited",
            Schema.object([
                ("entries", Schema.integer("Flaws")), ("version", Schema.string("Version of the catalogue")),
            ]).adding(["nullable": true])
        ),
        (
            "epss",
            Schema.object([
                ("entries", Schema.integer("Scores")),
                ("date", Schema.time("The day that they are for", nullable: true)),
            ]).adding(["nullable": true])
        ),
    ])

    private static let importSchema = Schema.object(
        [
            ("state", Schema.choice(["running", "done", "failed"], "Of the import that runs, else of the last one")),
            ("sources", Schema.array(Schema.string("Address"))), ("startedAt", Schema.time("When it began")),
            ("endedAt", Schema.time("When it ended", nullable: true)),
            ("error", Schema.string("Why nothing was changed").adding(["nullable": true])),
            ("added", Schema.integer("Records that are new")),
            ("replaced", Schema.integer("Records that replaced an older copy")),
            ("unchanged", Schema.integer("Records that were there already")),
            ("damaged", Schema.integer("Files and records that could not be used")),
        ],
        optional: ["added", "replaced", "unchanged", "damaged"]
    )
}

extension AdvisoryUpdater.Running {
    fileprivate var body: JSON {
        [
            "state": "running", "sources": .array(sources.map { .string($0) }), "startedAt": .time(startedAt),
            "endedAt": .null, "error": .null,
        ]
    }
}

extension AdvisoryUpdater.Ended {
    fileprivate var body: JSON {
        let (state, error, report): (JSON, JSON, AdvisoryImportReport?) =
            switch outcome {
            case .done(let report): ("done", .null, report)
            case .failed(let reason): ("failed", .string(reason), nil)
            }
        return .object([
            ("state", state), ("sources", .array(sources.map { .string($0) })), ("startedAt", .time(startedAt)),
            ("endedAt", .time(endedAt)), ("error", error), ("added", report.map { .integer($0.added) }),
            ("replaced", report.map { .integer($0.replaced) }), ("unchanged", report.map { .integer($0.unchanged) }),
            ("damaged", report.map { .integer($0.damaged) }),
        ])
    }
}

extension AdvisorySnapshotStatus {
    fileprivate var body: JSON {
        .object([
            ("importedAt", .time(importedAt?.moment)), ("newestRecordAt", .time(newestModified?.moment)),
            ("records", .integer(records)),
            (
                "ecosystems",
                .array(ecosystems.map { ["name": .string($0.ecosystem), "records": .integer($0.records)] })
            ),
            (
                "knownExploited",
                knownExploited.map { ["entries": .integer($0.entries), "version": .string($0.version)] } ?? .null
            ),
            ("epss", epss.map { ["entries": .integer($0.entries), "date": .time($0.date?.moment)] } ?? .null),
        ])
    }
}

extension AdvisoryDate {
    /// To the microsecond.
    init(_ date: Date) { self.init(microseconds: Int64(date.timeIntervalSince1970 * 1_000_000)) }

    /// To the second.
    fileprivate var moment: Date { Date(timeIntervalSince1970: Double(secondsSince1970)) }
}
