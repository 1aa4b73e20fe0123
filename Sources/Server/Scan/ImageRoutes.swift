import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// The images of a project that have a result.
struct ImageRoutes {
    private let tag = "Results"
    private let path = "/project/{projectId}/results/container/images"

    func add(to api: inout APIRoutes) {
        addList(to: &api)
        addGroups(to: &api)
        addDelete(to: &api)
    }

    private static let pageSchema: [(String, JSON)] = [
        ("projectName", Schema.string("Name of the project")), ("totalPages", Schema.integer("Number of pages")),
        ("currentPage", Schema.integer("This page, counted from 1")),
        ("pageSize", Schema.integer("Items on a full page")),
        ("completeness", ImageCoverage.schema),
    ]

    private static func page(_ project: Project, _ paging: Paging, total: Int, _ coverage: ImageCoverage) -> JSON {
        [
            "projectName": .string(project.name), "totalPages": .integer(paging.pageCount(total)),
            "currentPage": .integer(paging.page.number), "pageSize": .integer(paging.page.size),
            "completeness": coverage.body,
        ]
    }

    private func success(_ schema: [(String, JSON)]) -> Operation.Success {
        Operation.Success(
            status: .ok,
            description: "A page of the list",
            schema: Schema.object(schema + Self.pageSchema),
            headers: Operation.pageHeaders
        )
    }

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "listScannedImages",
                tag: tag,
                summary: "The images of a project that have a result, the last scanned first",
                query: Operation.Parameter.resultPages + [.branch],
                success: success([
                    ("images", Schema.array(StoredImage.schema)), ("totalImages", Schema.integer("All images")),
                ])
            )
        ) { call in
            let id = try call.projectID()
            var query = QueryFields(call.request)
            let branch = query.text("branch")
            let paging = try query.finish()
            let (body, total) = try await call.read(.project(id, .read)) { session, _ in
                guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                let store = ImageStore(session)
                let listing = try store.list(in: id, branch: branch, page: paging.page)
                let coverage = try store.coverage(in: id, branch: branch)
                let body: JSON = [
                    "images": .array(listing.items.map(\.body)), "totalImages": .integer(listing.total),
                ]
                return (body.adding(Self.page(project, paging, total: listing.total, coverage)), listing.total)
            }
            return call.page(body, total: total, paging)
        }
    }

    private static let groupOrders: [String: ImageStore.GroupOrder] = [
        "repositoryName": .repository, "tagCount": .imageCount, "latestScanAt": .latestScan,
    ]

    private func addGroups(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/grouped",
                id: "listScannedRepositories",
                tag: tag,
                summary: "The images of a project by repository",
                query: Operation.Parameter.resultPages + [
                    .branch,
                    Operation.Parameter(
                        name: "searchQuery",
                        description: "Part of the repository's name",
                        schema: Schema.string("Text", maximum: QueryFields.textLimit)
                    ),
                ] + Operation.Parameter.sort(Array(Self.groupOrders.keys)),
                success: success([
                    ("groupedImages", Schema.array(ImageGroup.schema)),
                    ("totalRepositories", Schema.integer("All repositories")),
                    ("totalTags", Schema.integer("Images in all of them")),
                ])
            )
        ) { call in
            let id = try call.projectID()
            var query = QueryFields(call.request)
            let (branch, search) = (query.text("branch"), query.text("searchQuery"))
            let order = query.choice("sort", of: Self.groupOrders) ?? .latestScan
            let isDescending = query.choice("order", of: ["asc": false, "desc": true]) ?? (order != .repository)
            let paging = try query.finish()
            let (body, total) = try await call.read(.project(id, .read)) { session, _ in
                guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                let store = ImageStore(session)
                let (groups, images) = try store.groups(
                    in: id,
                    branch: branch,
                    search: search,
                    order: order,
                    isDescending: isDescending,
                    page: paging.page
                )
                let body: JSON = [
                    "groupedImages": .array(groups.items.map { $0.body(in: project) }),
                    "totalRepositories": .integer(groups.total), "totalTags": .integer(images),
                ]
                let coverage = try store.coverage(in: id, branch: branch)
                return (body.adding(Self.page(project, paging, total: groups.total, coverage)), groups.total)
            }
            return call.page(body, total: total, paging)
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: "\(path)/{imageId}",
                id: "deleteScannedImage",
                tag: tag,
                summary: "Delete an image with its packages and its part of the findings",
                description: """
                    A finding that no other image has is listed no more; its decision is kept and counts again when an image has it again.
                    """,
                success: Operation.Success(
                    status: .ok,
                    description: "Deleted",
                    schema: Schema.object([
                        ("success", Schema.boolean("Always true")), ("message", Schema.string("What was done")),
                        ("imageId", Schema.uuid("The image")),
                    ])
                )
            )
        ) { call in
            let project = try call.projectID()
            _ = try await call.authorize(.project(project, .startScan))
            let id = call.id("imageId", as: ImageID.self)
            return .json(
                try await call.service.database.write { session in
                    guard let id, try ImageStore(session).delete(id, in: project) else {
                        throw APIError.notFound("image", code: .imageNotFound)
                    }
                    return ["success": true, "message": "the image and its data were deleted", "imageId": .id(id)]
                }
            )
        }
    }
}
