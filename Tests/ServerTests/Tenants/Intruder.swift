import Foundation
import Tenancy
import TestSupport

/// Somebody with a key that is right in itself and must not do everything in ``World``.
enum Intruder: String, CaseIterable, Sendable {
    /// The administrator of another organization.
    case foreignAdministrator
    /// A member of the organization without a role in the project.
    case memberWithoutPermission
    /// A member of the organization that is a developer in the project.
    case developer
    /// A manager of the organization.
    case manager
    /// The administrator, with a key narrowed to another project.
    case keyOfAnotherProject
    /// The administrator, with a key narrowed to reading.
    case keyToRead
    /// The administrator, with a key bound to another organization.
    case keyOfAnotherOrganization

    /// A key for this one, that nobody else has.
    func key(in world: World, foreign: World) async throws -> String {
        let server = world.server
        switch self {
        case .foreignAdministrator:
            let user = try await server.makeMember("intruder-a", role: "administrator", in: foreign.organization)
            return try await server.makeKey(for: user)
        case .memberWithoutPermission: return try await server.makeKey(for: world.outsider)
        case .developer: return try await server.makeKey(for: world.member)
        case .manager:
            let user = try await server.makeMember("intruder-m", role: "manager", in: world.organization)
            return try await server.makeKey(for: user)
        case .keyOfAnotherProject:
            return try await server.makeKey(for: server.first.user, projects: [world.secondProject])
        case .keyToRead: return try await server.makeKey(for: server.first.user, permissions: .read)
        case .keyOfAnotherOrganization:
            return try await server.makeKey(for: server.first.user, organization: foreign.organization)
        }
    }

    /// Whether this one may do what needs `need` in the world's organization and first project.
    func may(_ need: Need) -> Bool {
        switch (self, need) {
        case (_, .nothing): true
        case (.foreignAdministrator, _), (.keyOfAnotherOrganization, _), (_, .service): false
        case (_, .member): true
        case (.memberWithoutPermission, _), (.keyOfAnotherProject, _): false
        case (.developer, .project(let permission)): permission == .read || permission == .startScan
        case (.developer, _): false
        case (.manager, .organization(let permission)): permission != .manageOrganization
        case (.manager, _): true
        case (.keyToRead, .organization(let permission)), (.keyToRead, .project(let permission)): permission == .read
        case (.keyToRead, .user): false
        }
    }

    /// The status for an operation on the caller itself, given a body or path that names things of the world.
    func statusOfOwn(_ id: String) -> Int? {
        let isNarrowed = [.keyOfAnotherProject, .keyToRead, .keyOfAnotherOrganization].contains(self)
        switch id {
        case "listOrganizations", "getProfile", "listAPIKeys", "searchDockerHubImages": return 200
        case "createOrganization": return isNarrowed ? 403 : 201
        case "updateProfile": return isNarrowed ? 403 : 200
        // A key for the first project: only for those who may use that project.
        case "createAPIKey": return [.developer, .manager, .keyToRead].contains(self) ? 201 : 400
        // The first administrator's unlimited key: not theirs, or stronger than the key that asks.
        case "revokeAPIKey": return 404
        default: return nil
        }
    }
}
