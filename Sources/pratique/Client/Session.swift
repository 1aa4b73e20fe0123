/// One command at work: a client with a key, what the user chose, and where the output goes.
struct Session: Sendable {
    let client: APIClient
    let settings: ClientSettings
    /// The project that was named, by its id or name.
    let project: String?
    let output: OutputFormat
    let console: Console

    /// Prints `json` or `table`, as the user asked.
    func show(_ json: JSONValue, as table: @autoclosure () -> Table) throws {
        switch output {
        case .table: try console.write(table())
        case .json: try console.write(json: json)
        }
    }

    /// Prints a list. An empty table says so, where it does not disturb a program that reads standard output.
    func show<Item>(_ listing: APIClient.Listing<Item>, header: [String], row: (Item) -> [String]) throws {
        if output == .table, listing.items.isEmpty {
            try console.note("no \(listing.noun)")
            return
        }
        try show(listing.json, as: Table(header: header, rows: listing.values.map(row)))
    }

    /// The organization of the command: the one named, else the stored default, else the only one the key sees.
    func organization() async throws -> ResourceID {
        if let named = settings.organization, let id = ResourceID(named) { return id }
        let profile: UserProfile = try await client.send(.get(APIPath("user", "profile"))).decoded()
        return try Self.choose(settings.organization, from: profile).id
    }

    static func choose(_ named: String?, from profile: UserProfile) throws -> UserProfile.Membership {
        let organizations = profile.organizations
        guard let named else {
            return try NameMatch.only(
                in: organizations,
                noun: "organization",
                flag: "--organization",
                id: \.id,
                name: \.name
            )
        }
        return try NameMatch.find(named, in: organizations, noun: "organization", id: \.id, name: \.name)
    }

    func projects(of organization: ResourceID) async throws -> APIClient.Listing<Project> {
        try await client.list(APIPath("organization", "\(organization)", "projects"), noun: "projects")
    }

    /// The project called `given`. An id is taken as it is, without a look at the list.
    func project(_ given: String) async throws -> ResourceID {
        if let id = ResourceID(given) { return id }
        let projects = try await projects(of: organization()).values
        return try NameMatch.find(given, in: projects, noun: "project", id: \.id, name: \.name).id
    }

    /// The project of the command: the one named, else the stored default, else the only one of the organization.
    func project() async throws -> ResourceID {
        let named = project ?? ClientSettings.processVariables["PRATIQUE_PROJECT"]
        if let named, !named.isEmpty { return try await project(named) }
        if let stored = settings.defaultProject { return stored.id }
        let projects = try await projects(of: organization()).values
        return try NameMatch.only(in: projects, noun: "project", flag: "--project", id: \.id, name: \.name).id
    }
}
