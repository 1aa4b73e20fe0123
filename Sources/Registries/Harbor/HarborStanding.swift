/// What a login that is known to be somebody's is in its project, as far as Harbor lets it know.
struct HarborStanding: Sendable {
    let version: HarborVersion
    /// Nil when the server does not tell.
    let isRobot: Bool?
    let isAdministrator: Bool
    /// The project, where the login may see it.
    let project: HarborProject?
    /// The project's number, wherever it was learned.
    let projectID: Int64?

    /// Asks who the login is and looks for its project by name. Throws ``RegistryError/Code/projectNotFound`` when there is none.
    init(_ api: HarborAPI, version: HarborVersion) async throws {
        self.version = version
        let user = try await api.ask("/api/v2.0/users/current")
        switch user.status {
        // "get current user not available for security context: robot"
        case 412: (isRobot, isAdministrator) = (true, false)
        case 200:
            isRobot = false
            isAdministrator = decodedForeign(HarborUser.self, user.body)?.isAdministrator ?? false
        default: (isRobot, isAdministrator) = (nil, false)
        }
        project = try await HarborStanding.project(api)
        if let project {
            projectID = project.id
        } else {
            projectID = try await HarborStanding.projectIDOfRepositories(api)
        }
    }

    /// By name, else in the list: Read Project does not work for robots before 2.8, and may simply be missing.
    private static func project(_ api: HarborAPI) async throws -> HarborProject? {
        let answer = try await api.ask(try api.path(project: api.project))
        switch answer.status {
        case 200: return decodedForeign(HarborProject.self, answer.body)
        case 404: throw api.noProject(api.project, status: 404)
        case 403:
            if try await api.exists(api.project) == false { throw api.noProject(api.project, status: 403) }
        default: throw RegistryError(harbor: answer, doing: "reading the project")
        }
        // The filter is fuzzy, so the wanted one may stand on any page; one that many names resemble is looked for once.
        let list = try await api.list(
            "/api/v2.0/projects",
            of: HarborProject.self,
            page: 1,
            size: ListBounds.pageSize,
            query: [("name", api.project)]
        ) { RegistryError(harbor: $0, doing: "the list of projects") }
        return list.items.first { $0.name == api.project }
    }

    /// Repositories tell the number of their project.
    private static func projectIDOfRepositories(_ api: HarborAPI) async throws -> Int64? {
        let path = try api.path(project: api.project) + "/repositories"
        let answer = try await api.ask(path, query: [("page", "1"), ("page_size", "1")])
        guard answer.status == 200 else { return nil }
        return decodedForeign([HarborRepository].self, answer.body)?.first?.project
    }
}

extension HarborVersion {
    /// From `Harbor v2.11.0`.
    init(_ shown: String?) {
        text = shown.map { String($0.drop { $0 != "v" }) }
        let parts = (text ?? "").drop { $0 == "v" }.split(separator: ".")
        minor = parts.count >= 2 && parts[0] == "2" ? Int(parts[1]) : nil
    }
}
