/// A user with a role in an organization or a project.
struct Member: Decodable, Sendable {
    /// A key that was made together with a new member, shown this once.
    struct NewKey: Decodable, Sendable {
        let key: String?
        let expiresAt: String?
    }

    let userId: ResourceID
    let name: String?
    let email: String?
    let role: String?
    let createdAt: String?
    let apiKey: NewKey?

    var title: String { name ?? userId.description }

    var table: Table {
        Table(fields: [
            ("User", userId.description),
            ("Name", name),
            ("Email", email),
            ("Role", role),
            ("Since", createdAt),
            ("Key", apiKey?.key),
            ("Key expires", apiKey.map { $0.expiresAt ?? "never" }),
        ])
    }

    static let header = ["USER", "NAME", "EMAIL", "ROLE"]

    var row: [String] { [userId.description, name ?? "", email ?? "", role ?? ""] }
}

extension Session {
    func members(at path: APIPath) async throws -> APIClient.Listing<Member> {
        try await client.list(path, noun: "members")
    }

    /// The member of the organization that is meant by an id, a name or an address.
    func member(_ given: String, in organization: ResourceID) async throws -> ResourceID {
        if let id = ResourceID(given) { return id }
        let members = try await members(at: APIPath("organization", "\(organization)", "members")).values
        if let byAddress = members.first(where: { $0.email == given }) { return byAddress.userId }
        return try NameMatch.find(given, in: members, noun: "member", id: \.userId, name: { $0.name ?? "" }).userId
    }

    /// Prints a member that was added or whose role changed.
    func show(_ member: Received<Member>) throws {
        try show(member.json, as: member.value.table)
        if member.value.apiKey?.key != nil { try console.note("the key is shown only now; hand it over safely") }
    }
}
