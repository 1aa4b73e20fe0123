import Foundation
import Registries
import RegistryStubs
import Sealing
import Testing
import Yams

/// The stubs' answers against the registries' own API descriptions, where these are present: no member that the description does
/// not have, and none of another type.
@Suite struct StubShapeTests {
    /// What the descriptions have otherwise than the services: read from their answers.
    static let truths: Set<String> = [
        // An array, and a boolean; the description says object and string.
        "tag.images", "tag.v2",
        // Sent and not described.
        "tag.digest", "tag.media_type", "tag.content_type", "tag.tag_status", "page.detail",
        // Described as texts, sent as null where nothing is known.
        "image.variant", "image.os_version",
        // The `'os.version'` of the description has its quotes in the name.
        "Artifact.extra_attrs",
    ]

    private static func description(_ file: String) throws -> APISchemas? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let url = root.appending(path: "../shared/reference/specs/\(file)").standardizedFileURL
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let text = try String(contentsOf: url, encoding: .utf8)
        return APISchemas(root: try #require(try Yams.load(yaml: text) as? [String: Any]))
    }

    private func body(_ world: StubWorld, _ url: String, _ authorization: OutboundRequest.Authorization?) async throws
        -> Any
    {
        let request = OutboundRequest(.get, try OutboundURL(url), authorization: authorization, bodyLimit: .listPage)
        let answer = try await world.outbound.send(request)
        #expect(answer.status == 200)
        return try JSONSerialization.jsonObject(with: Data(answer.body), options: .fragmentsAllowed)
    }

    @Test(
        .enabled("the API description is there") { (try? description("harbor/swagger-2.13.1.yaml")) != nil },
        arguments: [
            ("projects", "Project"), ("projects/demo", "Project"), ("projects/demo/repositories", "Repository"),
            ("projects/demo/repositories/worker", "Repository"),
            ("projects/demo/repositories/team%252Fapp/artifacts", "Artifact"),
            ("projects/demo/repositories/worker/artifacts/v0", "Artifact"),
            ("projects/demo/repositories/worker/artifacts/v0/tags", "Tag"),
            ("users/current/permissions?scope=/project/7&relative=true", "Permission"), ("systeminfo", "GeneralInfo"),
            ("robots?q=Level=project,ProjectID=7", "Robot"), ("health", "OverallHealthStatus"),
        ]
    )
    func harborAnswersAsItIsDescribed(path: String, schema: String) async throws {
        let schemas = try #require(try Self.description("harbor/swagger-2.13.1.yaml"))
        try await withHarbor {
            $0.robots[0].permissions["demo"]?.formUnion(["robot:list", "robot:read"])
        } _: { stub, world in
            let body = try await body(
                world,
                "\(stub.address)/api/v2.0/\(path)",
                .basic(username: "robot$demo+reader", password: Secret("Good-Secret-1"))
            )
            for item in body as? [Any] ?? [body] {
                #expect(schemas.violations(of: item, named: schema, truths: Self.truths) == [])
            }
        }
    }

    @Test(
        .enabled("the API description is there") { (try? description("dockerhub/hub-current-excerpt.yaml")) != nil },
        arguments: [
            ("/v2/namespaces/ann/repositories", "list_repositories_response"),
            ("/v2/namespaces/ann/repositories/site", "repository_info"),
            ("/v2/namespaces/ann/repositories/site/tags", "paginated_tags"),
            ("/v2/namespaces/ann/repositories/site/tags/v0", "tag"),
        ]
    )
    func dockerHubAnswersAsItIsDescribed(path: String, schema: String) async throws {
        let schemas = try #require(try Self.description("dockerhub/hub-current-excerpt.yaml"))
        try await withDockerHub { stub, world in
            let body = try await body(world, stub.hubAddress + path, nil)
            #expect(schemas.violations(of: body, named: schema, truths: Self.truths) == [])
        }
    }
}

/// The schemas of an API description, OpenAPI 2 or 3, as far as these two use it.
private struct APISchemas {
    private let schemas: [String: Any]

    init(root: [String: Any]) {
        let components = root["components"] as? [String: Any]
        schemas = root["definitions"] as? [String: Any] ?? components?["schemas"] as? [String: Any] ?? [:]
    }

    func violations(of value: Any, named name: String, truths: Set<String>) -> [String] {
        guard let schema = schemas[name] as? [String: Any] else { return ["there is no schema \(name)"] }
        return violations(of: value, schema, name, truths)
    }

    private func violations(of value: Any, _ schema: [String: Any], _ place: String, _ truths: Set<String>) -> [String]
    {
        if let reference = (schema["$ref"] as? String)?.split(separator: "/").last.map(String.init) {
            return violations(of: value, named: reference, truths: truths)
        }
        if value is NSNull { return [] }
        let properties = properties(of: schema)
        switch schema["type"] as? String ?? (properties.isEmpty ? nil : "object") {
        case "object":
            guard let object = value as? [String: Any] else { return ["\(place) is no object"] }
            if properties.isEmpty { return [] }
            return object.flatMap { name, member -> [String] in
                let path = "\(place).\(name)"
                if truths.contains(path) { return [] }
                guard let described = properties[name] as? [String: Any] else { return ["\(path) is not described"] }
                return violations(of: member, described, path, truths)
            }
        case "array":
            guard let items = value as? [Any] else { return ["\(place) is no array"] }
            let described = schema["items"] as? [String: Any] ?? [:]
            return items.flatMap { violations(of: $0, described, place, truths) }
        case "string": return value is String ? [] : ["\(place) is no string"]
        case "integer", "number": return value is NSNumber ? [] : ["\(place) is no number"]
        case "boolean": return (value as? NSNumber) == 0 || (value as? NSNumber) == 1 ? [] : ["\(place) is no boolean"]
        default: return []
        }
    }

    private func properties(of schema: [String: Any]) -> [String: Any] {
        var found = schema["properties"] as? [String: Any] ?? [:]
        for part in schema["allOf"] as? [[String: Any]] ?? [] {
            var part = part
            if let reference = (part["$ref"] as? String)?.split(separator: "/").last.map(String.init) {
                part = schemas[reference] as? [String: Any] ?? [:]
            }
            found.merge(properties(of: part)) { $1 }
        }
        return found
    }
}
