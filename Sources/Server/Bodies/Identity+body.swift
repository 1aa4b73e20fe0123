import Tenancy

extension Organization {
    func body(role: OrganizationRole) -> JSON {
        [
            "id": .id(id), "name": .string(name), "role": .string(role.rawValue), "createdAt": .time(createdAt),
            "updatedAt": .time(updatedAt),
        ]
    }

    static let schema = Schema.object([
        ("id", Schema.uuid("Organization")), ("name", Schema.name("Name")),
        ("role", Schema.choice(OrganizationRole.allCases.map(\.rawValue), "The caller's role in it")),
        ("createdAt", Schema.time("When it was created")), ("updatedAt", Schema.time("When it was last changed")),
    ])
}

extension Project {
    var body: JSON {
        .object([
            ("id", .id(id)), ("organizationId", .id(organization)), ("name", .string(name)),
            ("description", .optional(description)), ("createdAt", .time(createdAt)), ("updatedAt", .time(updatedAt)),
        ])
    }

    static let schema = Schema.object(
        [
            ("id", Schema.uuid("Project")), ("organizationId", Schema.uuid("Its organization")),
            ("name", Schema.name("Name")), ("description", Schema.description),
            ("createdAt", Schema.time("When it was created")), ("updatedAt", Schema.time("When it was last changed")),
        ],
        optional: ["description"]
    )
}

extension Member {
    var body: JSON { user.memberBody(role: role.rawValue, createdAt: .time(createdAt)) }

    static let schema = User.memberSchema(role: Schema.organizationRole)
}

extension ProjectMember {
    var body: JSON { user.memberBody(role: role.rawValue, createdAt: .time(createdAt)) }

    static let schema = User.memberSchema(role: Schema.projectRole)
}

extension User {
    fileprivate func memberBody(role: String, createdAt: JSON) -> JSON {
        .object([
            ("userId", .id(id)), ("name", .string(name)), ("email", .optional(email)), ("role", .string(role)),
            ("createdAt", createdAt),
        ])
    }

    fileprivate static func memberSchema(role: JSON) -> JSON {
        Schema.object(
            [
                ("userId", Schema.uuid("User")), ("name", Schema.name("Name")),
                ("email", Schema.string("E-mail address")),
                ("role", role), ("createdAt", Schema.time("Member since")),
            ],
            optional: ["email"]
        )
    }
}

extension APIKey {
    var body: JSON {
        .object([
            ("id", .id(id)), ("name", .string(name)), ("createdAt", .time(createdAt)), ("expiresAt", .time(expiresAt)),
            ("neverExpires", .bool(expiresAt == nil)), ("lastUsedAt", .time(lastUsedAt)),
            (
                "permissions",
                .array(scope.permissions == .all ? [] : scope.permissions.permissions.map { .string($0.rawValue) })
            ),
            ("projectIds", .array((scope.projects ?? []).map(\.description).sorted().map { .string($0) })),
            ("narrowedToProjects", .bool(scope.projects != nil)),
            ("organizationId", scope.organization.map { .id($0) }),
        ])
    }

    private static let properties: [(String, JSON)] = [
        ("id", Schema.uuid("API key")), ("name", Schema.name("Name")),
        ("createdAt", Schema.time("When it was created")),
        ("expiresAt", Schema.time("When it stops working; null when it never does", nullable: true)),
        ("neverExpires", Schema.boolean("Whether it works until it is revoked")),
        ("lastUsedAt", Schema.time("When it was last used, to the minute; null before", nullable: true)),
        ("permissions", Schema.permissions),
        ("projectIds", Schema.array(Schema.uuid("Project"), "The projects that it is narrowed to")),
        ("narrowedToProjects", Schema.boolean("Whether it works only in the projects of projectIds")),
        ("organizationId", Schema.uuid("The only organization that it works in")),
    ]

    static let schema = Schema.object(properties, optional: ["organizationId"])

    /// A key at the one time that it is shown.
    static let createdSchema = Schema.object(
        properties + [("key", Schema.string("The key itself: shown this once", example: "prq_…"))],
        optional: ["organizationId"]
    )
}
