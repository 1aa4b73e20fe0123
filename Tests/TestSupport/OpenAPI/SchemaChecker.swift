import Foundation

/// Holds JSON values against the schemas of an OpenAPI 3.0 document.
///
/// It knows the keywords that our document and the published one use. A keyword that it does not know is a complaint: a schema
/// that says something the checker passes over would prove nothing.
public struct SchemaChecker: Sendable {
    /// The whole document, for `$ref`.
    private let document: TestJSON
    /// Members that an object may have beyond its schema; the checker of our own document allows none.
    private let allowsUnknownMembers: Bool

    private static let silent: Set<String> = [
        "description", "example", "default", "title", "writeOnly", "readOnly", "deprecated",
    ]
    private static let known: Set<String> = [
        "$ref", "type", "properties", "required", "items", "allOf", "oneOf", "nullable", "enum", "format", "minLength",
        "maxLength", "minimum", "maximum", "maxItems", "pattern", "additionalProperties",
    ]

    /// A checker of schemas in `document`.
    public init(document: TestJSON, allowsUnknownMembers: Bool) {
        self.document = document
        self.allowsUnknownMembers = allowsUnknownMembers
    }

    /// Every complaint about `value`, each beginning with where; empty when it conforms.
    public func complaints(_ value: TestJSON, _ schema: TestJSON, at place: String = "body") -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): the schema is not an object: \(schema)"] }
        let unknown = schema.names.subtracting(Self.known).subtracting(Self.silent)
        guard unknown.isEmpty else { return ["\(place): the schema has keywords unknown here: \(unknown.sorted())"] }
        if let reference = keywords["$ref"]?.string {
            guard let target = resolve(reference) else { return ["\(place): \(reference) leads nowhere"] }
            return complaints(value, target, at: place)
        }
        if value == .null, keywords["nullable"] == true { return [] }
        var found: [String] = []
        for part in schema["allOf"].items { found += complaints(value, part, at: place) }
        if case .array(let choices)? = keywords["oneOf"] {
            let fitting = choices.count { complaints(value, $0, at: place).isEmpty }
            if fitting != 1 { found.append("\(place): fits \(fitting) of the \(choices.count) schemas of oneOf") }
        }
        if case .array(let words)? = keywords["enum"], !words.contains(value) {
            found.append("\(place): \(value) is none of \(words.map(\.description).joined(separator: ", "))")
        }
        guard let type = keywords["type"] else {
            let dependent = schema.names.subtracting(Self.silent).subtracting(["allOf", "oneOf", "nullable", "enum"])
            return dependent.isEmpty ? found : found + ["\(place): the schema has \(dependent.sorted()) and no type"]
        }
        return found + complaints(value, schema, ofType: type.string ?? "\(type)", at: place)
    }

    private func complaints(_ value: TestJSON, _ schema: TestJSON, ofType type: String, at place: String) -> [String] {
        switch (type, value) {
        case ("object", .object(let members)): complaints(members, schema, at: place)
        case ("array", .array(let items)): complaints(items, schema, at: place)
        case ("string", .string(let text)): Self.complaints(text, schema, at: place)
        case ("boolean", .bool): []
        case ("integer", .integer(let number)): Self.complaints(Double(number), schema, at: place)
        case ("number", .integer(let number)): Self.complaints(Double(number), schema, at: place)
        case ("number", .number(let number)): Self.complaints(number, schema, at: place)
        default: ["\(place): \(value) is not of type \(type)"]
        }
    }

    private func complaints(_ members: [String: TestJSON], _ schema: TestJSON, at place: String) -> [String] {
        var found = schema["required"].items.compactMap(\.string).filter { members[$0] == nil }.map {
            "\(place): \($0) is missing"
        }
        let properties = schema["properties"].members
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            if let property = properties[name] {
                found += complaints(value, property, at: "\(place).\(name)")
            } else if case .object = schema["additionalProperties"] {
                found += complaints(value, schema["additionalProperties"], at: "\(place).\(name)")
            } else if !allowsUnknownMembers, schema["additionalProperties"] != true,
                !schema["properties"].members.isEmpty
            {
                found.append("\(place): \(name) is not documented")
            }
        }
        return found
    }

    private func complaints(_ items: [TestJSON], _ schema: TestJSON, at place: String) -> [String] {
        guard case .object = schema["items"] else { return ["\(place): the schema of the array has no items"] }
        var found: [String] = []
        if let limit = schema["maxItems"].integer, items.count > limit {
            found.append("\(place): more than \(limit) items")
        }
        for (index, item) in items.enumerated() { found += complaints(item, schema["items"], at: "\(place)[\(index)]") }
        return found
    }

    private static func complaints(_ number: Double, _ schema: TestJSON, at place: String) -> [String] {
        var found: [String] = []
        if let minimum = schema["minimum"].integer, number < Double(minimum) {
            found.append("\(place): below \(minimum)")
        }
        if let maximum = schema["maximum"].integer, number > Double(maximum) {
            found.append("\(place): above \(maximum)")
        }
        return found
    }

    private static func complaints(_ text: String, _ schema: TestJSON, at place: String) -> [String] {
        var found: [String] = []
        let length = text.unicodeScalars.count
        if let minimum = schema["minLength"].integer, length < minimum {
            found.append("\(place): shorter than \(minimum)")
        }
        if let maximum = schema["maxLength"].integer, length > maximum {
            found.append("\(place): longer than \(maximum)")
        }
        if let pattern = schema["pattern"].string {
            guard let expression = try? Regex(pattern) else {
                return found + ["\(place): the pattern is not one: \(pattern)"]
            }
            if text.firstMatch(of: expression) == nil { found.append("\(place): does not match \(pattern)") }
        }
        switch schema["format"].string {
        case nil, "password": break
        case "uuid":
            // Ids are lowercase: product.md, "API conventions".
            if UUID(uuidString: text) == nil || text != text.lowercased() {
                found.append("\(place): \(text) is no lowercase UUID")
            }
        case "date-time":
            if !isRFC3339(text) { found.append("\(place): \(text) is no time of RFC 3339 in UTC") }
        case let format?: found.append("\(place): the schema has a format unknown here: \(format)")
        }
        return found
    }

    /// With `T`, in UTC with `Z`, with or without a fraction. Source: product.md, "API conventions".
    private static func isRFC3339(_ text: String) -> Bool {
        text.wholeMatch(of: /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z/)
            != nil
    }

    /// The value that `#/a/b` points at.
    public func resolve(_ reference: String) -> TestJSON? {
        guard reference.hasPrefix("#/") else { return nil }
        let target = reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] }
        return target == .null ? nil : target
    }
}
