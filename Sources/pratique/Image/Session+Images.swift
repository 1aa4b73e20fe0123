extension Session {
    /// The credential of the command's project with this id or name: a role in the project is enough.
    func linkedCredential(_ given: String) async throws -> (project: ResourceID, found: Received<Credential>) {
        let project = try await project()
        return (project, try Self.find(given, in: await credentials(ofProject: project)))
    }

    /// The path of a list of the registry behind `credential`.
    func registryPath(
        _ parts: [String],
        of credential: Credential,
        project: ResourceID,
        _ options: RegistryOptions
    ) throws -> APIPath {
        let kind = try kind(of: credential)
        var path = ["integrations", kind.rawValue, "container-registry", "project", "\(project)"]
        var query: [(name: String, value: String?)] = [("include", options.artifacts ? "artifacts" : nil)]
        if kind.credentialIsInPath {
            path += ["credentials", "\(credential.id)"]
        } else {
            query.append(("credentialId", "\(credential.id)"))
        }
        if let registryProject = options.registryProject {
            guard let parameter = kind.registryProjectParameter else {
                throw CommandFailure.usage("a registry of the kind \(kind.rawValue) has no projects")
            }
            query.append((parameter, registryProject))
        }
        return APIPath(path + parts, query: query)
    }

    /// Every page of a registry's list, up to `limit` items. Says on standard error how old the answer is, and how little is left
    /// of the registry's rate limit, when that is worth knowing.
    func registryList<Item>(
        _ path: APIPath,
        noun: String,
        limit: Int?,
        of type: Item.Type = Item.self
    ) async throws -> APIClient.Listing<Item> {
        var last: APIAnswer?
        let listing: APIClient.Listing<Item> = try await client.list(path, noun: noun, limit: limit) { last = $0 }
        guard let last else { return listing }
        if let age = last.header("age").flatMap({ Int($0) }), age > 0 {
            try console.note("as the registry told it \(age) s ago")
        }
        let budget = ["x-registry-ratelimit-remaining", "x-registry-ratelimit-limit"]
            .map { last.header($0).flatMap { Int($0) } }
        if let remaining = budget[0], let all = budget[1], remaining <= all / 5 {
            try console.note("the registry takes \(remaining) more requests of \(all) for now")
        }
        return listing
    }
}
