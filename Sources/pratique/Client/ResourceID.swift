import Foundation

/// The id of anything in Pratique: a UUID, written in lower case.
struct ResourceID: Hashable, Sendable, CustomStringConvertible {
    private let uuid: UUID

    /// Nil when `text` is no UUID, and so is perhaps a name.
    init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    var description: String { uuid.uuidString.lowercased() }
}

extension ResourceID: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ResourceID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "an id is not a UUID")
        }
        self = id
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
