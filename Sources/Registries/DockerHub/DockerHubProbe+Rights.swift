extension DockerHubProbe {
    /// `rights`: by what the token says of itself where it does, else by what was seen and granted.
    mutating func proveRights(_ kind: DockerHubRights.SecretKind, _ evidence: DockerHubEvidence) {
        record.begin(.rights)
        var rights: Verification.Rights
        switch kind {
        case .personal: rights = personal(evidence)
        case .organization: rights = organization(evidence)
        case .password: rights = Verification.Rights(held: ["account:password"], excess: ["account:password"])
        }
        for path in evidence.hidden { rights.missing.append("pull of \(path)") }
        record.result.rights = rights
        if !rights.missing.isEmpty {
            record.end(.failed, "missing: \(rights.missing.sorted().joined(separator: ", "))", code: .insufficientScope)
        } else if !rights.excess.isEmpty {
            record.end(.warning, "more than is needed: \(rights.excess.sorted().joined(separator: ", "))")
        } else if isUnproven(kind, evidence) {
            record.end(
                .warning,
                "nothing private was to be seen, so nothing proves that the token may read private repositories"
            )
        } else {
            record.end(.passed, "may read and pull, and change nothing")
        }
    }

    mutating func judge(_ kind: DockerHubRights.SecretKind, _ evidence: DockerHubEvidence) {
        record.judge()
        let rights = record.result.rights
        if !rights.missing.isEmpty {
            advise(onMissing: kind, evidence)
        } else if record.result.state == .insufficient {
            record.advise("Check the namespace of the credential, and that the token may pull its repositories.")
        } else if !rights.excess.isEmpty {
            record.advise(
                kind == .password
                    ? "This is the account's password, which may do everything: store an access token with read access instead."
                    : "The token may change repositories: make one with read access only and rotate the credential."
            )
        } else if isUnproven(kind, evidence) {
            record.result.state = .unverified
            record.advise(
                "Name a private repository in the credential's repositories, so that it can be proven that the token reads it."
            )
        }
    }

    private mutating func advise(onMissing kind: DockerHubRights.SecretKind, _ evidence: DockerHubEvidence) {
        if !evidence.hidden.isEmpty {
            let names = evidence.hidden.prefix(3).joined(separator: ", ")
            record.advise("\(names) is not to be seen with this token: check the name and the token's access to it.")
        } else if kind == .personal {
            record.advise(
                "The token has the permission Public Repo Read-only, which shows and pulls public repositories only: make one with "
                    + "Read-only and rotate the credential."
            )
        } else {
            record.advise(
                "Give the organization access token Image Pull and read access on the repositories, and List Repositories; or name "
                    + "the repositories on the credential."
            )
        }
    }

    private func isUnproven(_ kind: DockerHubRights.SecretKind, _ evidence: DockerHubEvidence) -> Bool {
        !evidence.seesPrivate && !(kind == .personal && evidence.claims.scopes != nil) && kind != .password
    }

    private func personal(_ evidence: DockerHubEvidence) -> Verification.Rights {
        var held = DockerHubRights.implied(by: evidence.claims.scopes ?? [])
        if evidence.seesPrivate { held.insert(DockerHubRights.neededOfPersonal) }
        if evidence.actions.contains("push") { held.formUnion(["repo:write", "repo:read"]) }
        if evidence.actions.contains("delete") { held.insert("repo:admin") }
        let isWeak = evidence.claims.scopes != nil && !held.contains(DockerHubRights.neededOfPersonal)
        return Verification.Rights(
            held: held.sorted(),
            missing: isWeak ? [DockerHubRights.neededOfPersonal] : [],
            excess: held.intersection(["repo:write", "repo:admin"]).sorted()
        )
    }

    private func organization(_ evidence: DockerHubEvidence) -> Verification.Rights {
        var rights = Verification.Rights()
        func note(_ right: String, _ isHeld: Bool) {
            if isHeld { rights.held.append(right) } else { rights.missing.append(right) }
        }
        if evidence.actions.contains("push") {
            rights.held.append(DockerHubRights.pushing)
            rights.excess.append(DockerHubRights.pushing)
        }
        if evidence.listsPrivate {
            rights.held.append(DockerHubRights.listing)
        } else if evidence.seesPrivate, !evidence.hasNames {
            rights.missing.append(DockerHubRights.listing)
        }
        // On a public repository everybody has these.
        guard let candidate = evidence.candidate, candidate.isPrivate else { return rights }
        note(DockerHubRights.reading, true)
        note(DockerHubRights.readingTags, candidate.readsTags)
        note(DockerHubRights.pulling, evidence.actions.contains("pull"))
        return rights
    }
}
