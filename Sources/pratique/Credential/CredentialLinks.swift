/// The projects that may use a credential, from the API's `…/projects` of that credential.
struct CredentialLinks: Decodable, Sendable {
    let credentialId: ResourceID
    let projectIds: [ResourceID]
}

extension Session {
    /// Changes the links of a credential. The API replaces them as a whole, so they are read first; a change that
    /// somebody makes between the two calls is lost.
    func changeLinks(
        of credential: String,
        projects: [String],
        _ change: ([ResourceID], [ResourceID]) -> [ResourceID]
    ) async throws {
        let (organization, found) = try await self.credential(credential)
        var given: [ResourceID] = []
        for project in projects { given.append(try await self.project(project)) }
        let path = APIPath(
            "integrations",
            "container-registry",
            "organization",
            "\(organization)",
            "credentials",
            found.value.registryType ?? "",
            "\(found.value.id)",
            "projects"
        )
        var links: Received<CredentialLinks> = try await client.send(.get(path)).decoded()
        let wanted = change(links.value.projectIds, given)
        if wanted == links.value.projectIds {
            try console.note("nothing to change")
        } else {
            let body = JSONValue.object(["projectIds": .strings(wanted.map(\.description))])
            links = try await client.send(.put(path, body)).decoded()
        }
        if links.value.projectIds.isEmpty, output == .table { return try console.note("linked to no project") }
        let rows = links.value.projectIds.map { [found.value.title, $0.description] }
        try show(links.json, as: Table(header: ["CREDENTIAL", "PROJECT"], rows: rows))
    }
}
