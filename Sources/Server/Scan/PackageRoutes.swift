import Advisories
import HTTPTypes
import Hummingbird
import Inventory
import Storage
import Tenancy

/// What is installed in the images of a project.
struct PackageRoutes {
    private static let orders: [String: ImageStore.PackageOrder] = [
        "packageName": .name, "currentSeverity": .severity, "currentPriority": .severity,
    ]

    private static let schema = Schema.object([
        ("projectId", Schema.uuid("Project")), ("page", Schema.integer("This page, counted from 1")),
        ("limit", Schema.integer("Items on a full page")), ("total", Schema.integer("Length of the whole list")),
        ("totalPages", Schema.integer("Number of pages")), ("packages", Schema.array(StoredPackage.schema)),
        ("completeness", ImageCoverage.schema),
    ])

    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/results/container/packages",
                id: "listPackages",
                tag: "Results",
                summary: "The packages in the images of a project, each name and version once",
                query: Operation.Parameter.sort(Array(Self.orders.keys)) + ResultFilter.parameters,
                success: Operation.Success(
                    status: .ok,
                    description: "A page of packages",
                    schema: Self.schema,
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let project = try call.projectID()
            var query = QueryFields(call.request)
            let filter = ResultFilter(&query)
            let order = query.choice("sort", of: Self.orders) ?? .name
            let isAscending = query.choice("order", of: ["asc": true, "desc": false]) ?? true
            let paging = try query.finish()
            try await call.reopenExpiredDecisions(of: project)
            let (body, total) = try await call.read(.project(project, .read)) { session, _ in
                let store = ImageStore(session)
                let listing =
                    try filter.isContradictory
                    ? Listing(items: [], total: 0)
                    : store.packages(
                        in: project,
                        image: filter.image,
                        search: filter.search,
                        severities: filter.severities,
                        matching: filter.packages,
                        order: order,
                        isDescending: order == .severity ? isAscending : !isAscending,
                        page: paging.page
                    )
                let coverage = try store.coverage(in: project, image: filter.image, branch: filter.branch)
                var images: [ImageID: StoredImage] = [:]
                for id in Set(listing.items.map(\.image)) { images[id] = try store.find(id, in: project) }
                let body: JSON = [
                    "projectId": .id(project), "page": .integer(paging.page.number),
                    "limit": .integer(paging.page.size), "total": .integer(listing.total),
                    "totalPages": .integer(paging.pageCount(listing.total)),
                    "packages": .array(listing.items.compactMap { item in images[item.image].map(item.body) }),
                    "completeness": coverage.body,
                ]
                return (body, listing.total)
            }
            return call.page(body, total: total, paging)
        }
    }
}

extension StoredPackage {
    /// A package as it is in `image`. Its id is its package URL: a package has no row of its own over all images.
    /// Source: published-api.json, `ScaDetectedPackageDto`.
    fileprivate func body(in image: StoredImage) -> JSON {
        [
            "id": .string(package.purl), "projectId": .id(image.project), "packageName": .string(package.name),
            "packageVersion": .string(package.version), "fileName": .string(package.path ?? ""),
            "ecosystem": .string(package.kind.rawValue), "createdAt": .time(image.createdAt),
            "updatedAt": .time(image.scannedAt), "purl": .string(package.purl),
            "licenses": .array(package.licenses.map { .string($0) }), "imageId": .id(image.id),
            "imageCount": .integer(imageCount), "layer": .count(package.layer),
            "severity": .nullable(findingCount > 0 ? severity.rawValue : nil), "findingCount": .integer(findingCount),
        ]
    }

    fileprivate static let schema = Schema.object([
        ("id", Schema.string("Package URL")), ("projectId", Schema.uuid("Project")),
        ("packageName", Schema.string("Name with its namespace")), ("packageVersion", Schema.string("Version")),
        ("fileName", Schema.string("File that states it; may be empty")),
        ("ecosystem", Schema.string("Kind of package")),
        ("createdAt", Schema.time("When its image was first scanned")),
        ("updatedAt", Schema.time("When its image was last scanned")), ("purl", Schema.string("Package URL")),
        ("licenses", Schema.array(Schema.string("Licence"))), ("imageId", Schema.uuid("One image that holds it")),
        ("imageCount", Schema.integer("Images that hold it")),
        ("layer", Schema.integer("Layer that brought it, counted from 0").adding(["nullable": true])),
        ("severity", Schema.string("The worst finding in that image; null without any").adding(["nullable": true])),
        ("findingCount", Schema.integer("Findings in that image")),
    ])
}
