import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage

/// Docker Hub's public search, for clients that let somebody choose a public image. No credential is used, nor could one help.
struct DockerHubSearchRoutes {
    func add(to api: inout APIRoutes) {
        let item = Schema.object(
            [
                ("name", Schema.string("As one pulls it", example: "bitnami/nginx")),
                ("description", Schema.string("Its makers' words about it")),
                ("isOfficial", Schema.boolean("Whether Docker publishes it as an official image")),
                ("starCount", Schema.integer("Stars")), ("pullCount", Schema.integer("Pulls so far")),
            ],
            optional: ["description"]
        )
        api.add(
            Operation(
                method: .get,
                path: "/dockerhub/search/images",
                id: "searchDockerHubImages",
                tag: "Docker Hub",
                summary: "Search the public images of Docker Hub",
                query: [
                    Operation.Parameter(
                        name: "query",
                        description: "What to look for: python, bitnami/nginx; nothing is found for nothing",
                        schema: Schema.string("Words", example: "python")
                    ), .page, .pageSize,
                ],
                success: Operation.Success(
                    status: .ok,
                    description: "What Docker Hub found",
                    schema: Schema.object([
                        ("images", Schema.array(item)), ("totalCount", Schema.integer("How many there are")),
                        ("page", Schema.integer("This page, counted from 1")),
                        ("pageSize", Schema.integer("Items on a full page")),
                    ]),
                    headers: BrowseRoutes.headers
                ),
                errors: RegistryTrouble.statuses
            )
        ) { call in
            let asked = try BrowseRequest(call.request, dialect: BrowseDialect())
            _ = try await call.authorize(.user)
            // A `+` is a blank here, as forms and browsers write it.
            let query = call.request.uri.query.map { Self.words(in: $0) } ?? ""
            let found = try await call.service.dockerHubSearch.images(query, page: asked.page)
            let items = JSON.array(found.items.map { $0.body })
            return call.browseResponse(asked.body("images", items, total: found.total), found, asked.paging)
        }
    }

    /// The value of `query` in a URL's query.
    static func words(in query: String) -> String {
        let pair = query.split(separator: "&").first { $0.hasPrefix("query=") }
        let value = pair.map { String($0.dropFirst("query=".count)) } ?? ""
        return value.replacing("+", with: " ").removingPercentEncoding ?? ""
    }
}

extension DockerHubSearchResult {
    fileprivate var body: JSON {
        .object([
            ("name", .string(name)), ("description", .optional(description)), ("isOfficial", .bool(isOfficial)),
            ("starCount", .integer(starCount)), ("pullCount", .integer(pullCount)),
        ])
    }
}
