/// A project of an organization.
struct Project: Decodable, Sendable {
    let id: ResourceID
    let organizationId: ResourceID?
    let name: String
    let description: String?
    let createdAt: String?
    let updatedAt: String?

    var table: Table {
        Table(fields: [
            ("Id", id.description),
            ("Name", name),
            ("Description", description),
            ("Organization", organizationId?.description),
            ("Created", createdAt),
            ("Updated", updatedAt),
        ])
    }

    static let header = ["ID", "NAME", "DESCRIPTION"]

    var row: [String] { [id.description, name, description ?? ""] }
}
