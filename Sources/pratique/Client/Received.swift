/// What the server sent, read twice: as the value this program knows, for tables and decisions, and as all of its JSON,
/// for `-o json`. So a field that a newer server adds is printed by an older command line.
struct Received<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value
    let json: JSONValue

    init(from decoder: any Decoder) throws {
        value = try Value(from: decoder)
        json = try JSONValue(from: decoder)
    }
}
