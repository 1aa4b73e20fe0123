/// A stored credential as the server shows it: everything but the secret.
///
/// Only the id is certain, because the answers to storing, rotating and listing have different fields.
struct Credential: Decodable, Sendable {
    let id: ResourceID
    let registryType: String?
    let name: String?
    let description: String?
    let registryUrl: String?
    let harborUrl: String?
    let harborProject: String?
    let username: String?
    let dockerhubUsername: String?
    let version: Int?
    let createdAt: String?
    let updatedAt: String?
    let projectIds: [ResourceID]?

    /// The name, or the id of a credential that has none.
    var title: String { name ?? id.description }
    var account: String? { username ?? dockerhubUsername }
    var location: String? { harborUrl ?? registryUrl }

    /// Every field there is, one a line.
    var table: Table {
        Table(fields: [
            ("Id", id.description),
            ("Kind", registryType),
            ("Name", name),
            ("Description", description),
            ("Registry", location),
            ("Harbor project", harborProject),
            ("Account", account),
            ("Secret version", version.map { "\($0)" }),
            ("Created", createdAt),
            ("Updated", updatedAt),
            ("Projects", projectIds.map { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ", ") }),
        ])
    }

    static let header = ["ID", "KIND", "NAME", "REGISTRY", "ACCOUNT", "VERSION", "PROJECTS"]

    var row: [String] {
        [
            id.description, registryType ?? "", name ?? "", location ?? "", account ?? "",
            version.map { "\($0)" } ?? "", projectIds.map { "\($0.count)" } ?? "",
        ]
    }
}
