import Registries
import Scanning
import Storage
import Tenancy

extension ScanSchedule {
    /// A schedule as the API tells it.
    var body: JSON {
        .object([
            ("id", .id(id)), ("projectId", .id(project)), ("imageName", .string("\(repository):\(tagPattern)")),
            ("repository", .string(repository)), ("tagPattern", .string(tagPattern)),
            ("credentialId", .nullable(credential?.description)), ("platform", .string(platform)),
            ("branch", .nullable(branch)), ("when", .string(rhythm.rawValue)), ("isEnabled", .bool(isEnabled)),
            ("nextRunAt", isEnabled ? .time(nextRunAt) : .null), ("lastRunAt", .time(lastRunAt)),
            ("lastTags", .integer(lastTags)), ("lastScans", .integer(lastScans)),
            ("lastError", trouble?.body ?? .null), ("createdBy", .nullable(createdBy?.description)),
            ("createdAt", .time(createdAt)), ("updatedAt", .time(updatedAt)),
        ])
    }

    static let schema = Schema.object([
        ("id", Schema.uuid("Schedule")), ("projectId", Schema.uuid("Project")),
        ("imageName", Schema.string("Full name of the images, with the tag or pattern")),
        ("repository", Schema.string("Registry and repository")),
        ("tagPattern", Schema.string("A tag, or a pattern of tags")),
        ("credentialId", Schema.uuid("Credential; null for a public image, or when it was deleted").asNullable),
        ("platform", Schema.string("As it was asked for; empty for the registry's choice")),
        ("branch", Schema.string("As it was asked for").asNullable), ("when", whenSchema),
        ("isEnabled", Schema.boolean("Whether it runs at all")),
        ("nextRunAt", Schema.time("When it looks next; null while it is not enabled", nullable: true)),
        ("lastRunAt", Schema.time("When it last looked", nullable: true)),
        ("lastTags", Schema.integer("Tags that it looked at then")),
        ("lastScans", Schema.integer("Scans that it asked for then")),
        ("lastError", Scan.failureSchema.asNullable),
        ("createdBy", Schema.uuid("Who made it; null when the account is gone").asNullable),
        ("createdAt", Schema.time("When it was made")), ("updatedAt", Schema.time("When it was last changed")),
    ])

    static let whenSchema = Schema.choice(
        Rhythm.allCases.map(\.rawValue),
        "`on_change`: when a tag stands for another digest than at its last scan, looked at every quarter of an hour"
    )
}

extension JSON {
    /// This schema, and null.
    fileprivate var asNullable: JSON { adding(["nullable": true]) }
}
