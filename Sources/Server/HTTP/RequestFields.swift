import Foundation
import HTTPTypes
import Registries
import Sealing
import Storage
import Tenancy

/// The members of a JSON object that a client sent. Every rule adds its complaint to ``errors`` instead of throwing, so that all
/// errors of a request are told together; ``finish()`` throws them.
struct RequestFields {
    private(set) var errors: [FieldError] = []
    private let members: [(name: String, value: RequestValue)]

    /// Parses `body`, which must be one JSON object.
    init(_ body: Data) throws(APIError) {
        do throws(JSONReader.Malformed) {
            members = try JSONReader.members(of: body)
        } catch {
            throw .notAnObject(expecting: "a JSON object")
        }
    }

    private subscript(_ field: String) -> RequestValue? {
        members.first { $0.name == field }?.value
    }

    /// What the client says for `field`. Of what is neither a text nor an array of texts only the type is told.
    func value(_ field: String) -> FieldValue {
        switch self[field] {
        case nil, .null: return .absent
        case .string(let text): return .string(text)
        case .bool: return .other("a boolean")
        case .number: return .other("a number")
        case .object: return .other("an object")
        case .array(let items):
            let texts = items.compactMap(\.text)
            return texts.count == items.count ? .list(texts) : .other("an array")
        }
    }

    /// Whether the client says anything for `field`, null included.
    func contains(_ field: String) -> Bool { self[field] != nil }

    /// Adds a complaint.
    mutating func complain(_ field: String, _ message: String) {
        errors.append(FieldError(field, message))
    }

    /// Throws every complaint, if there is one.
    func finish() throws(APIError) {
        guard errors.isEmpty else { throw .invalid(errors) }
    }

    /// A required text.
    mutating func text(_ field: String, limit: Int = FieldRules.nameLimit) -> String? {
        let given = value(field)
        return check { () throws(FieldError) in try FieldRules.text(given, field: field, limit: limit) }
    }

    /// A text that may be missing or blank.
    mutating func optionalText(_ field: String, limit: Int = FieldRules.nameLimit) -> String? {
        let given = value(field)
        return check { () throws(FieldError) in
            try FieldRules.optionalText(given, field: field, limit: limit)
        } ?? nil
    }

    /// A required id.
    mutating func id<ID: Identifier>(_ field: String, as type: ID.Type = ID.self) -> ID? {
        guard let text = text(field) else { return nil }
        guard let id = ID(text) else {
            complain(field, "must be a UUID")
            return nil
        }
        return id
    }

    /// A boolean that is false when it is missing.
    mutating func flag(_ field: String) -> Bool {
        switch self[field] {
        case nil, .null: return false
        case .bool(let flag): return flag
        default:
            complain(field, "must be true or false")
            return false
        }
    }

    /// True or false where the client says it; null is neither.
    mutating func optionalFlag(_ field: String) -> Bool? {
        guard self[field] != .null else {
            complain(field, "must be true or false")
            return nil
        }
        return contains(field) ? flag(field) : nil
    }

    /// One of the words of `Choice`; required unless `optional`.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ field: String,
        as type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(field) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            complain(field, "must be one of: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }

    /// A moment in RFC 3339 that may be missing.
    mutating func optionalTime(_ field: String) -> Date? {
        let complaints = errors.count
        let text = optionalText(field)
        if let date = text.flatMap({ Date(rfc3339: $0) }) { return date }
        // A blank text is no time either, and a slip where null was meant must not clear one.
        if errors.count == complaints, self[field]?.text != nil {
            complain(field, "must be a time in RFC 3339, 2027-01-31T00:00:00Z for one, or null")
        }
        return nil
    }

    /// An array of texts of at most `limit` items; nil when it is missing.
    mutating func texts(_ field: String, limit: Int) -> [String]? {
        switch self[field] {
        case nil, .null: return nil
        case .array(let items):
            guard items.count <= limit else {
                complain(field, "must have at most \(limit) items")
                return nil
            }
            if let index = items.firstIndex(where: { $0.text == nil }) {
                complain("\(field)[\(index)]", "must be a string")
                return nil
            }
            return items.compactMap(\.text)
        default:
            complain(field, "must be an array of strings")
            return nil
        }
    }

    /// An array of ids without repetitions; nil when it is missing or wrong.
    mutating func ids<ID: Identifier>(_ field: String, limit: Int, as type: ID.Type = ID.self) -> [ID]? {
        guard let texts = texts(field, limit: limit) else { return nil }
        var ids: [ID] = []
        var isRight = true
        for (index, text) in texts.enumerated() {
            if let id = ID(text) {
                if !ids.contains(id) { ids.append(id) }
            } else {
                complain("\(field)[\(index)]", "must be a UUID")
                isRight = false
            }
        }
        return isRight ? ids : nil
    }

    /// Runs the rules of a registry kind over its fields.
    mutating func credentialInput(of registry: RegistryDescription, plainHTTPHosts: Set<String>) -> CredentialInput? {
        registry.readInput(plainHTTPHosts: plainHTTPHosts, errors: &errors) { [self] in value($0) }
    }

    /// Runs the rules of a registry kind over what a rotation gives; optional fields that it leaves out keep their value of
    /// `stored`.
    mutating func rotationInput(of credential: Credential, keeping stored: SecretBundle?) -> RotationInput? {
        credential.kind.registry.readRotation(of: credential.publicFields, keeping: stored, errors: &errors) {
            [self] in value($0)
        }
    }

    private mutating func check<Value>(_ rule: () throws(FieldError) -> Value) -> Value? {
        do throws(FieldError) {
            return try rule()
        } catch {
            errors.append(error)
            return nil
        }
    }
}

extension RequestValue {
    /// The text, if it is one.
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
