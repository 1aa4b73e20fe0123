import Advisories
import HTTPTypes
import Hummingbird
import Inventory
import Storage
import Tenancy

/// Which images of an organization hold a flaw or a package.
struct HoldingRoutes {
    /// What is searched for.
    private enum Question: Sendable {
        case flaw(String)
        case package(PackageQuery)
    }

    private static let parameters = [
        Operation.Parameter(
            name: "vulnerability",
            description: "A flaw by any of its ids, in either case: `CVE-2026-0001`, `GHSA-…`",
            schema: Schema.string("Id", maximum: QueryFields.textLimit)
        ),
        Operation.Parameter(
            name: "package",
            description: "A package by its name with its namespace: `openssl`, `org.apache.logging.log4j:log4j-core`",
            schema: Schema.string("Name", maximum: QueryFields.textLimit)
        ),
        Operation.Parameter(
            name: "purl",
            description: "A package by its package URL, of which qualifiers beside an rpm's epoch do not count",
            schema: Schema.string("Package URL", maximum: QueryFields.textLimit)
        ),
        Operation.Parameter(
            name: "version",
            description: "Only this version of the package",
            schema: Schema.string("Version", maximum: QueryFields.textLimit)
        ),
    ]

    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/results/container/images",
                id: "listHoldingImages",
                tag: "Results",
                summary: "The images of an organization that hold a flaw or a package",
                description: """
                    One of `vulnerability`, `package` and `purl` is required. The list is of the projects that the caller may read, and so is \
                    `completeness`: it tells what the list cannot know. An image stands in it once for each package that holds what was \
                    asked for.
                    """,
                query: Self.parameters + [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "A page of images",
                    schema: Schema.page(
                        "images",
                        of: ImageHolding.schema,
                        beside: [("completeness", ImageCoverage.schema)]
                    ),
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let organization = try call.organizationID()
            let (question, paging) = try Self.question(call.request)
            try await call.reopenExpiredDecisions(for: .member(organization))
            let (listing, coverage) = try await call.read(.member(organization)) { session, grant in
                let projects = try grant.readableProjects(session)
                let store = ImageStore(session)
                let listing: Listing<ImageHolding>
                switch question {
                case .flaw(let flaw):
                    listing = try store.holding(flaw: flaw, in: organization, projects: projects, page: paging.page)
                case .package(let query):
                    listing = try store.holding(query, in: organization, projects: projects, page: paging.page)
                }
                return (listing.map(\.body), try store.coverage(of: organization, projects: projects))
            }
            let body = paging.body("images", listing).adding(["completeness": coverage.body])
            return call.page(body, total: listing.total, paging)
        }
    }

    private static func question(_ request: Request) throws(APIError) -> (Question, Paging) {
        var query = QueryFields(request)
        let (flaw, name, text) = (query.text("vulnerability"), query.text("package"), query.text("purl"))
        let version = query.text("version")
        var questions: [Question] = []
        if let flaw {
            questions.append(.flaw(flaw))
            if version != nil { query.complain("version", "is of a package: it cannot stand beside vulnerability") }
        }
        if let name { questions.append(.package(PackageQuery(name: name, version: version))) }
        if let text {
            if let package = (try? PackageURL(text)).flatMap({ PackageQuery($0) }) {
                questions.append(.package(version.map { package.of(version: $0) } ?? package))
            } else {
                let types = Package.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                query.complain("purl", "must be a package URL of one of the types: \(types)")
            }
        }
        let given = [flaw, name, text].count { $0 != nil }
        if given != 1 {
            query.complain("vulnerability", "must be given alone, or package or purl in its place: one of the three")
        }
        let paging = try query.finish()
        guard let question = questions.first else {
            throw .internalError(cause: "a search without complaints asks nothing")
        }
        return (question, paging)
    }
}

extension ImageHolding {
    fileprivate var body: JSON {
        [
            "imageId": .id(image), "projectId": .id(project), "artifactName": .string(artifactName),
            "repository": .string(repository), "tag": .string(tag), "platform": .string(platform),
            "packageName": .string(packageName), "installedVersion": .string(installedVersion),
            "vulnerabilityId": finding.map { .id($0) } ?? .null, "fixedIn": .nullable(fixedIn),
            "severity": .nullable(severity?.rawValue), "status": .nullable(status?.rawValue),
        ]
    }

    fileprivate static let schema: JSON = {
        func nullable(_ schema: JSON) -> JSON { schema.adding(["nullable": true]) }
        return Schema.object([
            ("imageId", Schema.uuid("Image")), ("projectId", Schema.uuid("Its project")),
            ("artifactName", Schema.string("Repository and tag, or digest")),
            ("repository", Schema.string("Registry and repository")), ("tag", Schema.string("Tag, or digest")),
            ("platform", Schema.string("Platform")), ("packageName", Schema.string("Package")),
            ("installedVersion", Schema.string("Installed; may be empty")),
            ("vulnerabilityId", nullable(Schema.uuid("The finding, where a flaw was asked for"))),
            ("fixedIn", nullable(Schema.string("Version to go to, where a flaw was asked for"))),
            ("severity", nullable(Schema.string("Severity in this image, where a flaw was asked for"))),
            ("status", nullable(Schema.string("What people decided, where a flaw was asked for"))),
        ])
    }()
}
