import Foundation
import Registries
import Sealing
import Storage
import Tenancy
import TestSupport

/// Every statement that the stores issue, in each of its shapes. A store function that is missing here is not held against
/// PostgreSQL.
func statementsOfTheStores() async throws -> [String] {
    let world = try World()
    return try await withTemporaryDatabase { database in
        let recording = RecordingDatabase(database)
        try await recording.write { session in
            try world.store(in: session)
            try runIdentity(world, session)
            try runProjects(world, session)
            try runKeys(world, session)
            try runCredentials(world, session)
            try runVerifications(world, session)
            try runScans(world, session)
            try runSchedules(world, session)
            try runDeletions(world, session)
        }
        return recording.statements
    }
}

private func runIdentity(_ world: World, _ session: any SQLSession) throws {
    let (user, organization) = (world.home.user, world.home.organization.id)
    let organizations = OrganizationStore(session)
    _ = try organizations.find(organization)
    for bound in [nil, organization] { _ = try organizations.list(of: user.id, bound: bound, page: .first) }
    try organizations.rename(organization, to: "x", at: .sample)
    try OperatingOrganizationStore(session).insert(organization)
    let users = UserStore(session)
    _ = try users.find(user.id)
    try users.update(user)
    _ = try users.isEmpty()
    let members = MemberStore(session)
    _ = try members.find(user.id, in: organization)
    _ = try members.list(in: organization, page: .first)
    _ = try members.setRole(.administrator, of: user.id, in: organization)
    _ = try members.otherAdministrators(than: user.id, in: organization)
    _ = try members.shareOrganization(user.id, world.away.user.id)
    _ = try AccessStore(session).role(of: user.id, in: organization)
    _ = try AccessStore(session).project(world.home.projects[0].id, for: user.id)
    let answers = IdempotencyStore(session)
    try answers.insert(
        .init(requestMAC: [1], status: 201, location: nil, body: nil),
        key: "k",
        of: user.id,
        now: .sample
    )
    _ = try answers.find("k", of: user.id, now: .sample)
    try answers.deleteExpired(now: .sample)
}

private func runProjects(_ world: World, _ session: any SQLSession) throws {
    let (user, organization, project) = (world.home.user.id, world.home.organization.id, world.home.projects[0])
    let projects = ProjectStore(session)
    _ = try projects.find(project.id)
    _ = try projects.exists(project.id, in: organization)
    for member in [nil, user] {
        for narrowed in [nil, [], [project.id], Set(world.home.projects.map(\.id))] as [Set<ProjectID>?] {
            _ = try projects.list(in: organization, member: member, narrowed: narrowed, page: .first)
        }
    }
    try projects.update(project)
    let members = ProjectMemberStore(session)
    try members.insert(user, in: project, role: .analyst, at: .sample)
    _ = try members.find(user, in: project.id)
    _ = try members.list(in: project.id, page: .first)
    _ = try members.setRole(.manager, of: user, in: project.id)
    _ = try members.delete(user, from: project.id)
}

private func runKeys(_ world: World, _ session: any SQLSession) throws {
    let (user, organization) = (world.home.user.id, world.home.organization.id)
    let keys = APIKeyStore(session)
    let key = APIKey.sample(of: user, projects: [world.home.projects[0].id])
    try keys.insert(key, hash: [1])
    _ = try keys.find(key.id)
    for bound in [nil, organization] { _ = try keys.list(of: user, bound: bound, page: .first) }
    try keys.touch(key.id, at: .sample)
    _ = try keys.delete(key.id, of: user)
}

private func runCredentials(_ world: World, _ session: any SQLSession) throws {
    let (organization, project) = (world.home.organization.id, world.home.projects[0].id)
    _ = try RootKeyStore(session).list()
    let store = CredentialStore(session)
    let links = CredentialLinkStore(session)
    var credential = try world.storeCredential(of: world.home, in: session)
    let second = try world.storeCredential(of: world.home, in: session)
    try links.insert(credential, project: project, at: .sample)
    try links.replace(credential, projects: [world.home.projects[1].id], at: .sample)
    _ = try links.projects(of: credential.id)
    _ = try links.projects(of: [credential.id])
    _ = try links.projects(of: [credential.id, second.id])
    for kind in [nil, RegistryKind.harbor] {
        _ = try store.find(credential.id, kind: kind, in: organization)
        _ = try store.list(in: organization, kind: kind, page: .first)
        _ = try store.list(linkedTo: project, kind: kind, page: .first)
    }
    _ = try store.find(credential.id, kind: .harbor, linkedTo: project)
    _ = try store.sealedSecret(of: credential.id, in: organization)
    _ = try store.findOnly(named: credential.name, kind: .harbor, in: organization)
    try store.update(credential)
    credential.version = 2
    _ = try store.replaceSecret(of: credential, with: world.seal("two", for: credential))
    _ = try store.countByKind(in: organization)
    _ = try store.delete(credential.id, kind: .harbor, in: organization)
}

private func runVerifications(_ world: World, _ session: any SQLSession) throws {
    let credential = try world.storeCredential(of: world.home, in: session)
    let organization = credential.organization
    try CredentialStore(session).touch(credential.id, at: .sample)
    try CredentialLinkStore(session).insert(credential, project: world.home.projects[0].id, at: .sample)
    let store = VerificationStore(session)
    try store.schedule(credential.id, at: .sample)
    let lease = UUID()
    for last in [nil, organization] {
        let due = try store.due(at: .sample, limit: 2, after: last)
        _ = try store.claim(due, lease: lease, until: .sample, now: .sample)
    }
    _ = try store.claim(credential.id, lease: lease, until: .sample, now: .sample)
    try store.release(credential.id, lease: lease)
    _ = try store.claim(credential.id, lease: lease, until: .sample, now: .sample)
    _ = try store.record(.sample(credential, .sample(.rejected)), lease: lease)
    try store.recordChange(.sample(credential, .sample(.rejected)))
    try store.move(credential.id, to: .sample)
    _ = try store.forgotten(at: .sample, limit: 1)
    _ = try store.find(credential.id, in: organization)
    _ = try store.pinnedRealm(of: credential.id, in: organization)
    _ = try store.history(of: credential.id, in: organization)
    let health = CredentialHealthStore(session, of: organization, now: .sample)
    _ = try health.totals()
    for trouble in CredentialHealth.Trouble.allCases { _ = try health.credentials(with: trouble, limit: 1) }
    _ = try health.affectedProjects(limit: 1)
}

private func runDeletions(_ world: World, _ session: any SQLSession) throws {
    try ProjectStore(session).delete(world.home.projects[2].id)
    _ = try MemberStore(session).delete(world.home.user.id, from: world.home.organization.id)
    try OrganizationStore(session).delete(world.home.organization.id)
}
