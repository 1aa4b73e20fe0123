import HTTPTypes

/// `/openapi.json`: OpenAPI 3.0.3, made from the operations that the router serves.
struct OpenAPIDocument {
    let operations: [Operation]

    var json: JSON {
        [
            "openapi": "3.0.3",
            "info": [
                "title": "Pratique",
                "version": .string(Release.version),
                "description": """
                Keeps an organization's container-registry credentials and puts them to work. \
                A secret goes in and never comes out.
                """,
                "license": ["name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["apiKey": []], ["bearer": []]],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": paths,
            "components": [
                "schemas": ["Error": Schema.error],
                "securitySchemes": [
                    "apiKey": ["type": "apiKey", "in": "header", "name": "x-api-key"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                ],
            ],
        ]
    }

    private var tags: [String] {
        operations.map(\.tag).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var paths: JSON {
        var order: [String] = []
        var byPath: [String: [Operation]] = [:]
        for operation in operations {
            if byPath[operation.path] == nil { order.append(operation.path) }
            byPath[operation.path, default: []].append(operation)
        }
        return .object(
            order.map { path in
                let members = (byPath[path] ?? []).map {
                    JSON.Member(name: $0.method.rawValue.lowercased(), value: describe($0))
                }
                return JSON.Member(name: path, value: .object(members))
            }
        )
    }

    private func describe(_ operation: Operation) -> JSON {
        .object([
            ("operationId", .string(operation.id)),
            ("summary", .string(operation.summary)),
            ("description", .optional(operation.description)),
            ("tags", [.string(operation.tag)]),
            ("security", operation.isPublic ? JSON.array([]) : nil),
            ("parameters", parameters(of: operation)),
            ("requestBody", operation.body.map(describe)),
            ("responses", responses(of: operation)),
        ])
    }

    private func describe(_ body: Operation.Body) -> JSON {
        ["required": .bool(body.isRequired), "content": content(body.contentType, body.schema)]
    }

    private func content(_ type: String, _ schema: JSON) -> JSON {
        .object([JSON.Member(name: type, value: ["schema": schema])])
    }

    private func parameters(of operation: Operation) -> JSON? {
        var parameters = operation.pathParameters.map { name -> JSON in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": operation.pathSchemas[name]
                    ?? (name == "registryType" ? Schema.registryKind : ["type": "string", "format": "uuid"]),
            ]
        }
        parameters += operation.query.map { parameter in
            .object([
                ("name", .string(parameter.name)), ("in", "query"), ("required", parameter.isRequired ? true : nil),
                ("description", .string(parameter.description)), ("schema", parameter.schema),
            ])
        }
        if operation.isCreating {
            parameters.append([
                "name": "Idempotency-Key", "in": "header",
                "description": "The same request sent again with this key within 24 hours gets the same answer",
                "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"],
            ])
        }
        return parameters.isEmpty ? nil : .array(parameters)
    }

    private func responses(of operation: Operation) -> JSON {
        var responses = ([operation.success] + (operation.other.map { [$0] } ?? [])).map(describe)
        responses += operation.errorStatuses.map { status in
            JSON.Member(
                name: String(status.code),
                value: [
                    "description": .string(status.reasonPhrase),
                    "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
                ]
            )
        }
        return .object(responses)
    }

    private func describe(_ success: Operation.Success) -> JSON.Member {
        let headers = success.headers.sorted { $0.key < $1.key }.map { name, description in
            JSON.Member(name: name, value: ["description": .string(description), "schema": ["type": "string"]])
        }
        let described = JSON.object([
            ("description", .string(success.description)),
            ("headers", headers.isEmpty ? nil : JSON.object(headers)),
            (
                "content",
                success.schema.map { schema in
                    let others = success.alternatives.sorted { $0.key < $1.key }
                    return others.reduce(content(success.contentType, schema)) { $0.adding(content($1.key, $1.value)) }
                }
            ),
        ])
        return JSON.Member(name: String(success.status.code), value: described)
    }
}
