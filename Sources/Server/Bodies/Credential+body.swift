import Registries
import Storage
import Tenancy

extension Credential {
    /// The body that the contract documents for one credential of this kind: the kind's public fields, and no other additions.
    /// `isListItem` leaves out what the contract leaves out of its lists.
    func documentedBody(isListItem: Bool = false) -> JSON {
        var members: [(String, JSON?)] = [("id", .id(id))]
        members += fieldMembers
        if case .fixed(let url) = kind.registry.address, !isListItem { members.append(("registryUrl", .string(url))) }
        members += [("description", .optional(description)), ("createdAt", .time(createdAt))]
        return .object(members)
    }

    /// What we add to the documented body on reads.
    func additions(projects: [ProjectID]?) -> JSON {
        .object(
            [
                ("registryType", .string(kind.description)), ("name", .string(name)),
                ("version", .integer(Int(version))),
                ("updatedAt", .time(updatedAt)), ("expiresAt", .time(expiresAt)), ("lastUsedAt", .time(lastUsedAt)),
                ("verification", verification.body),
            ] + optionalMembers + [("projectIds", projects.map { .array($0.map { .id($0) }) })]
        )
    }

    /// Our own view of a credential of any kind.
    func flatBody(projects: [ProjectID]?) -> JSON {
        let registry = kind.registry
        var members = JSONMembers(sizeInBytes: 1_024)
        members.add("id", id.description)
        members.add("registryType", kind.description)
        members.add("name", name)
        if let description { members.add("description", description) }
        members.add("registryUrl", registry.url(of: publicFields))
        for field in registry.documentedFields where field.name != "registryUrl" {
            members.add(named: field.name, publicFields[field.name] ?? "")
        }
        for case (let name, let value?) in optionalMembers { members.add(named: name, value) }
        members.add("version", Int(version))
        members.add("createdAt", createdAt)
        members.add("updatedAt", updatedAt)
        members.add("expiresAt", expiresAt)
        members.add("lastUsedAt", lastUsedAt)
        members.add("verification", verification.write)
        if let projects { members.add(named: "projectIds", .array(projects.map { .id($0) })) }
        return .written(members.bytes())
    }

    /// An item of the contract's organization-wide list.
    func overviewBody(projects: [ProjectID]) -> JSON {
        let details = kind.registry.details
        return .object([
            ("id", .id(id)),
            // The contract keeps a single owning project from its first days; the oldest link stands for it.
            ("projectId", .string(projects.first?.description ?? "")),
            ("linkedProjectIds", .array(projects.map { .id($0) })),
            ("name", .string(name)), ("registryUrl", .string(kind.registry.url(of: publicFields))),
            ("description", .optional(description)), ("createdAt", .time(createdAt)), ("expiresAt", .time(expiresAt)),
            ("verification", verification.body),
            (details.member, .object(details.fields.map { ($0, .string(publicFields[$0] ?? "")) })),
        ])
    }

    private var fieldMembers: [(String, JSON?)] {
        kind.registry.documentedFields.map { ($0.name, .string(publicFields[$0.name] ?? "")) }
    }

    /// The optional fields that this credential has.
    private var optionalMembers: [(String, JSON?)] {
        kind.registry.optionalFields.map { field in
            guard let text = publicFields[field.name] else { return (field.name, nil) }
            guard case .repositories = field.rule else { return (field.name, .string(text)) }
            return (field.name, .array(RepositoryNames(stored: text).names.map { .string($0) }))
        }
    }
}
