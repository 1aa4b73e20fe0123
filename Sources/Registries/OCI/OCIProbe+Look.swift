import OCI

extension OCIProbe {
    /// Looks at the repositories without pulling: what is granted, whether tags are listed, whether a manifest may be asked for.
    mutating func look(
        _ client: DistributionClient,
        _ scheme: OCIScheme,
        _ repositories: [String]
    ) async throws -> [OCISight] {
        record.begin(.rights)
        var sights: [OCISight] = []
        for repository in repositories {
            var sight = OCISight(repository: repository)
            do {
                if scheme == .bearer { sight.actions = try await granted(client, repository) }
                let page = try await client.tagPage(repository, size: 1)
                sight.listsTags = true
                sight.rateBudget = page.rateBudget
                if let tag = page.names.first(where: { ImageReference.isTag($0) }) {
                    let head = try await client.head(repository, .tag(tag))
                    sight.pulls = true
                    sight.rateBudget = head.rateBudget ?? sight.rateBudget
                }
            } catch let error as RegistryError where OCIProbe.isAboutRepository(error) {
                sight.trouble = error
            }
            sights.append(sight)
        }
        return sights
    }

    /// What a refusal in a repository may be once the secret was taken; anything else ends the probe.
    private static func isAboutRepository(_ error: RegistryError) -> Bool {
        [.insufficientScope, .authenticationFailed, .repositoryNotFound, .tagNotFound, .policyBlocked].contains(
            error.code
        )
    }

    private func granted(_ client: DistributionClient, _ repository: String) async throws -> [String]? {
        let scope = TokenScope(type: "repository", name: repository, actions: ["pull", "push", "delete"])
        let token = try await client.token(scopes: [scope])
        guard token.claims?.access != nil else { return nil }
        let actions = token.claims?.actions(on: repository) ?? []
        return actions.contains("*") ? ["delete", "pull", "push"] : actions
    }

    /// `rights`, `listing` and `pull`.
    mutating func report(_ sights: [OCISight], _ repositories: OCIRepositories) {
        var rights = Verification.Rights()
        var held: Set<String> = []
        for sight in sights {
            held.formUnion(sight.actions ?? [])
            if sight.listsTags { held.insert("pull") }
            let isRefused = sight.trouble.map { $0.code != .policyBlocked && $0.code != .tagNotFound } ?? false
            if isRefused || !(sight.actions?.contains("pull") ?? true) {
                rights.missing.append("pull of \(sight.repository)")
            }
        }
        if repositories.hasCatalogue { held.insert("catalog") }
        rights.held = held.sorted()
        rights.excess = held.intersection(["push", "delete"]).sorted()
        record.result.rights = rights
        record.result.rateBudget = sights.compactMap(\.rateBudget).last
        reportRights(rights, sights)
        reportListing(sights, repositories)
        reportPull(sights)
    }

    private mutating func reportRights(_ rights: Verification.Rights, _ sights: [OCISight]) {
        record.begin(.rights)
        if !rights.missing.isEmpty {
            record.end(.failed, "missing: \(rights.missing.joined(separator: ", "))", code: .insufficientScope)
        } else if sights.isEmpty {
            record.end(.warning, "there is no repository to look at")
        } else if !rights.excess.isEmpty {
            record.end(.warning, "may also \(rights.excess.joined(separator: " and "))")
        } else if sights.contains(where: { $0.actions == nil }) {
            record.end(.passed, "may pull; this registry does not tell whether the account may push")
        } else {
            record.end(.passed, "may pull, and neither push nor delete")
        }
    }

    private mutating func reportListing(_ sights: [OCISight], _ repositories: OCIRepositories) {
        record.begin(.listing)
        if let refused = sights.first(where: { !$0.listsTags }) {
            let error = refused.trouble
            record.end(
                .failed,
                "the tags of \(refused.repository) cannot be listed",
                code: error?.code ?? .insufficientScope
            )
        } else if repositories.hasCatalogue {
            record.end(.passed, sights.isEmpty ? "the catalogue is empty" : "the catalogue and tags can be listed")
        } else if sights.isEmpty {
            record.end(.warning, "the registry has no catalogue, and no repository is named on the credential")
        } else {
            record.end(.passed, "the tags of the named repositories can be listed")
        }
    }

    private mutating func reportPull(_ sights: [OCISight]) {
        record.begin(.pull)
        if let blocked = sights.first(where: { $0.trouble?.code == .policyBlocked }) {
            record.end(
                .warning,
                "the registry's policy blocks \(blocked.repository) from being pulled",
                code: .policyBlocked
            )
        } else if let refused = sights.first(where: { $0.trouble != nil }), let error = refused.trouble {
            record.end(error.code == .tagNotFound ? .warning : .failed, error)
        } else if let pulled = sights.first(where: { $0.pulls ?? false }) {
            record.end(.passed, "a manifest of \(pulled.repository) may be pulled")
        } else {
            record.end(.warning, "there is no image to ask for")
        }
    }
}
