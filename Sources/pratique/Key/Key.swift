/// An API key of the user: what it may do, never the key itself, except in the answer that made it.
struct Key: Decodable, Sendable {
    let id: ResourceID
    let name: String
    let createdAt: String?
    let expiresAt: String?
    let lastUsedAt: String?
    let organizationId: ResourceID?
    let permissions: [String]?
    let projectIds: [ResourceID]?
    let narrowedToProjects: Bool?
    /// The key in the clear, once.
    let key: String?

    private var projects: [ResourceID] { projectIds ?? [] }

    /// What no projects mean. A key whose projects have all been removed may use none, not all.
    private var reach: String { narrowedToProjects == true ? "none" : "all" }

    func table(showingKey: Bool) -> Table {
        Table(fields: [
            ("Id", id.description),
            ("Name", name),
            ("Key", showingKey ? key : nil),
            ("Expires", expiresAt ?? "never"),
            ("Permissions", permissions.map { $0.isEmpty ? "all of the user" : $0.joined(separator: ", ") }),
            ("Projects", projects.isEmpty ? reach : projects.map(\.description).joined(separator: ", ")),
            ("Organization", organizationId?.description),
        ])
    }

    static let header = ["ID", "NAME", "EXPIRES", "LAST USED", "PERMISSIONS", "PROJECTS"]

    var row: [String] {
        [
            id.description, name, expiresAt ?? "never", lastUsedAt ?? "never",
            permissions.flatMap { $0.isEmpty ? nil : $0.joined(separator: ",") } ?? "all",
            projects.isEmpty ? reach : "\(projects.count)",
        ]
    }
}
