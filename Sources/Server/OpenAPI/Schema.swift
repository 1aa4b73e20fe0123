import Registries
import Tenancy

/// The JSON schemas of bodies, in OpenAPI 3.0's dialect.
enum Schema {
    /// A text.
    static func string(_ description: String, example: String? = nil, maximum: Int? = nil, minimum: Int? = nil) -> JSON
    {
        .object([
            ("type", "string"), ("description", .string(description)), ("example", .optional(example)),
            ("minLength", minimum.map { .integer($0) }), ("maxLength", maximum.map { .integer($0) }),
        ])
    }

    /// A required name of 1 to 255 characters.
    static func name(_ description: String, example: String? = nil) -> JSON {
        string(description, example: example, maximum: FieldRules.nameLimit, minimum: 1)
    }

    static let description = string("What it is for", maximum: FieldRules.descriptionLimit)

    /// A description that null takes away.
    static let nullableDescription = description.adding(["nullable": true])

    static func uuid(_ description: String) -> JSON {
        ["type": "string", "format": "uuid", "description": .string(description)]
    }

    static func time(_ description: String, nullable: Bool = false) -> JSON {
        .object([
            ("type", "string"), ("format", "date-time"), ("description", .string(description)),
            ("nullable", nullable ? true : nil),
        ])
    }

    static func integer(_ description: String) -> JSON { ["type": "integer", "description": .string(description)] }

    static func boolean(_ description: String) -> JSON { ["type": "boolean", "description": .string(description)] }

    static func array(_ items: JSON, _ description: String? = nil, maximum: Int? = nil) -> JSON {
        .object([
            ("type", "array"), ("description", .optional(description)), ("items", items),
            ("maxItems", maximum.map { .integer($0) }),
        ])
    }

    static func choice(_ words: [String], _ description: String) -> JSON {
        ["type": "string", "description": .string(description), "enum": .array(words.map { .string($0) })]
    }

    /// An object; the members named in `optional` may be missing.
    static func object(_ properties: [(String, JSON)], optional: Set<String> = []) -> JSON {
        let required = properties.map(\.0).filter { !optional.contains($0) }
        return .object([
            ("type", "object"),
            ("properties", .object(properties.map { JSON.Member(name: $0, value: $1) })),
            ("required", required.isEmpty ? nil : .array(required.map { .string($0) })),
        ])
    }

    /// A page of our own lists, with what stands beside them.
    static func page(_ noun: String, of item: JSON, beside more: [(String, JSON)] = []) -> JSON {
        object(
            [
                (noun, array(item)),
                ("total", integer("Length of the whole list")),
                ("page", integer("This page, counted from 1")),
                ("pageSize", integer("Items on a full page")),
                ("totalPages", integer("Number of pages")),
            ] + more
        )
    }

    static let registryKind = choice(RegistryDescription.all.map(\.kind.description), "Registry kind")
    static let organizationRole = choice(OrganizationRole.allCases.map(\.rawValue), "Role in the organization")
    static let projectRole = choice(ProjectRole.allCases.map(\.rawValue), "Role in the project")
    static let permissions = array(
        choice(Permission.allCases.map(\.rawValue), "Permission"),
        "What the key is narrowed to; empty when it is not"
    )

    /// The one body of every error.
    static let error = object(
        [
            ("statusCode", integer("The HTTP status")),
            ("message", string("What is wrong, and what to do")),
            ("timestamp", time("When")),
            ("path", string("The path that was asked for")),
            (
                "code",
                choice(APIError.Code.allCases.map(\.rawValue), "A stable name of the trouble; see docs/errors.md")
            ),
            ("requestId", string("Look for it in the log")),
            (
                "errors",
                array(object([("field", string("The field")), ("message", string("What is wrong with it"))]))
            ),
            (
                "upstream",
                object(
                    [
                        ("registry", string("Host of the registry, and its port where it is not the default")),
                        ("status", integer("HTTP status of its answer")),
                        ("code", string("Its own error code")),
                    ],
                    optional: ["status", "code"]
                )
            ),
            ("hint", string("What may help")),
        ],
        optional: ["errors", "upstream", "hint"]
    )
}
