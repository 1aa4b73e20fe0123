/// An organization, with the caller's role in it.
struct Organization: Decodable, Sendable {
    let id: ResourceID
    let name: String
    let role: String?
    let createdAt: String?
    let updatedAt: String?

    var table: Table {
        Table(fields: [
            ("Id", id.description),
            ("Name", name),
            ("Your role", role),
            ("Created", createdAt),
            ("Updated", updatedAt),
        ])
    }

    static let header = ["ID", "NAME", "YOUR ROLE"]

    var row: [String] { [id.description, name, role ?? ""] }
}
