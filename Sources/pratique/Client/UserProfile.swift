/// Who the server takes the caller for, from `GET /user/profile`.
struct UserProfile: Decodable, Sendable {
    struct Membership: Decodable, Hashable, Sendable {
        let id: ResourceID
        let name: String
        let role: String?
    }

    struct CurrentKey: Decodable, Hashable, Sendable {
        let id: ResourceID
        let name: String?
        let expiresAt: String?
        let organizationId: ResourceID?
        let permissions: [String]?
        let projectIds: [ResourceID]?
        let narrowedToProjects: Bool?

        /// The restrictions of a key as people say them.
        var reach: String {
            let what = permissions.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") } ?? "all that its user may"
            let projects = projectIds ?? []
            // A key whose projects have all been removed may use none, not all.
            if projects.isEmpty, narrowedToProjects == true { return "\(what), in no project" }
            return projects.isEmpty ? what : "\(what), in \(projects.count) project\(projects.count == 1 ? "" : "s")"
        }
    }

    let id: ResourceID
    let name: String
    let email: String?
    let organizations: [Membership]
    let apiKey: CurrentKey?

    /// The fields that `whoami` and `login` print.
    func table(address: ServerAddress) -> Table {
        Table(fields: [
            ("Server", address.description),
            ("User", name),
            ("Email", email),
            ("Organizations", organizations.map { "\($0.name) (\($0.role ?? "no role"))" }.joined(separator: ", ")),
            ("Key", apiKey.map { $0.name ?? $0.id.description }),
            ("Key may", apiKey?.reach),
            ("Key expires", apiKey.map { $0.expiresAt ?? "never" }),
        ])
    }
}
