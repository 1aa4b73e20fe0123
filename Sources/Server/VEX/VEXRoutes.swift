import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// Decisions that come from outside, as OpenVEX.
struct VEXRoutes {
    private static let widening = Schema.object([
        ("vulnerabilityId", Schema.uuid("The finding")),
        ("path", Schema.string("Where the statement stands: `statements[0]`")),
        ("vulnerability", Schema.string("The flaw's name")), ("packageName", Schema.string("Package")),
        ("repository", Schema.string("Registry and repository")),
        ("isDecided", Schema.boolean("Whether it was decided all the same")),
        ("otherImages", Schema.integer("Places that the statement is not about")),
        (
            "images",
            Schema.array(
                Schema.object([
                    ("imageId", Schema.uuid("Image")), ("artifactName", Schema.string("Repository and tag, or digest")),
                    ("platform", Schema.string("Platform")),
                    ("installedVersion", Schema.string("Version of the package")),
                ]),
                "Some of these places",
                maximum: VEXLimits.widenedPlaces
            )
        ),
    ])

    private static let success = Operation.Success(
        status: .ok,
        description: "What the statements decided",
        schema: Schema.object([
            ("statements", Schema.integer("Statements of the document")),
            ("matchedStatements", Schema.integer("Of these, those that are about a finding of the project")),
            ("matched", Schema.integer("Findings that they are about")),
            ("changed", Schema.integer("Of these, those that were something else before")),
            (
                "left",
                Schema.integer("Findings that a statement would silence in places that it is not about, and did not")
            ),
            (
                "widened",
                Schema.array(
                    widening,
                    "The findings that were left for that, or with `allowWider` decided all the same",
                    maximum: VEXLimits.widened
                )
            ),
            (
                "results",
                Schema.array(
                    Schema.object([
                        ("path", Schema.string("Where the statement stands: `statements[0]`")),
                        ("vulnerability", Schema.string("The flaw's name")),
                        ("status", .findingStatus), ("matched", Schema.integer("Findings that it is about")),
                        (
                            "unmatchedProducts",
                            Schema.array(Schema.string("Where a product stands that no finding is of"))
                        ),
                    ]),
                    "In the order in which they count: by their time",
                    maximum: VEXLimits.statements
                )
            ),
        ])
    )

    private static let schema: JSON = {
        let anything: JSON = ["type": "object", "additionalProperties": true, "description": "See OpenVEX 0.2.0"]
        return Schema.object(
            [
                ("@context", Schema.string("`https://openvex.dev/ns/v0.2.0`")),
                ("timestamp", Schema.time("Of statements that have none of their own")),
                ("statements", Schema.array(anything, "What it says", maximum: VEXLimits.statements)),
            ],
            optional: ["timestamp"]
        )
    }()

    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/project/{projectId}/results/container/vex",
                id: "importVEX",
                tag: "Results",
                summary: "Decide findings by an OpenVEX document",
                description: """
                    `not_affected` ignores a finding, `fixed` resolves it, `affected` confirms it, `under_investigation` is to be verified. \
                    A product is an image (`pkg:oci/app?repository_url=…`, with a digest or tag where only those are meant), its \
                    subcomponents the packages in it; or a package of any image. The decision is on the finding, which other tags have too: \
                    where other images have it than those that `not_affected` and `fixed` are about, it is left as it is and told in \
                    `widened`, unless `allowWider` is true. The later of two statements counts. Sent again, a document changes nothing. At most \
                    \(VEXLimits.bodyInBytes >> 20) MiB and \(VEXLimits.statements) statements.
                    """,
                query: [
                    Operation.Parameter(
                        name: "allowWider",
                        description: "Silence findings in images too that the statements are not about",
                        schema: Schema.boolean("Without it, false")
                    )
                ],
                body: Operation.Body(schema: Self.schema),
                success: Self.success
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            var query = QueryFields(call.request)
            let allowsWider = query.flag("allowWider") ?? false
            _ = try query.finish()
            let document = try VEXDocument(try await call.jsonBody(limit: VEXLimits.bodyInBytes))
            let found = try await call.service.database.read { session in
                try VEXImport(document, in: project, allowsWider: allowsWider, session)
            }
            let (author, now) = (grant.principal.user, Date())
            if !found.changes.isEmpty {
                try await call.service.database.write { session in
                    try found.write(as: author, in: project, at: now, session)
                }
            }
            return .json(found.body)
        }
    }
}

extension VEXImport {
    fileprivate var body: JSON {
        [
            "statements": .integer(outcomes.count),
            "matchedStatements": .integer(outcomes.count { $0.findings > 0 }), "matched": .integer(matched),
            "changed": .integer(changes.values.reduce(0) { $0 + $1.count }),
            "left": .integer(widened.count { !$0.isDecided }),
            "widened": .array(widened.prefix(VEXLimits.widened).map(\.body)),
            "results": .array(
                outcomes.map { outcome in
                    [
                        "path": .string(outcome.statement.path),
                        "vulnerability": .string(outcome.statement.flaws.first ?? ""),
                        "status": .string(outcome.statement.status.rawValue), "matched": .integer(outcome.findings),
                        "unmatchedProducts": .array(outcome.unmatched.map { .string($0) }),
                    ]
                }
            ),
        ]
    }
}

extension VEXImport.Widening {
    fileprivate var body: JSON {
        [
            "vulnerabilityId": .id(finding.id), "path": .string(path), "vulnerability": .string(vulnerability),
            "packageName": .string(finding.packageName), "repository": .string(finding.repository),
            "isDecided": .bool(isDecided), "otherImages": .integer(places.count),
            "images": .array(
                places.prefix(VEXLimits.widenedPlaces).map { place in
                    [
                        "imageId": .id(place.image), "artifactName": .string(place.artifactName),
                        "platform": .string(place.platform), "installedVersion": .string(place.installedVersion),
                    ]
                }
            ),
        ]
    }
}
