import Foundation
import Registries
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

/// The union of the pages is the set, and totals are true. Source: product.md, promise 7.
@Suite struct PagingTests {
    /// Reads every page of `size` items and one more, and holds them against the whole set.
    private func check<Item: Sendable>(
        _ size: Int,
        _ expected: [some Hashable & Sendable],
        _ id: (Item) -> some Hashable,
        list: (Page) throws -> Listing<Item>
    ) throws {
        var found: [AnyHashable] = []
        let pages = (expected.count + size - 1) / size
        for number in 1...(pages + 1) {
            let page = try list(Page(number: number, size: size))
            #expect(page.total == expected.count)
            #expect(page.items.count == min(size, max(0, expected.count - (number - 1) * size)))
            found += page.items.map { AnyHashable(id($0)) }
        }
        #expect(found == expected.map { AnyHashable($0) })
        for number in [pages + 2, 1_000_000, Int.max / 2, Int.max - 1, Int.max] {
            let beyond = try list(Page(number: number, size: size))
            #expect(beyond.items.isEmpty && beyond.total == expected.count, "page \(number)")
        }
    }

    @Test func unionOfThePagesIsTheSetInEveryList() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let (home, user) = (world.home.organization.id, world.home.user.id)
            let project = world.home.projects[0]
            let count = Int.random(in: 20...60)
            var users = [world.home.user]
            var projects = world.home.projects
            var credentials: [Credential] = []
            var keys: [APIKey] = []
            var organizations = [world.home.organization]
            for index in 0..<count {
                users.append(.sample("user \(index)"))
                try UserStore(session).insert(users[index + 1])
                try MemberStore(session).insert(users[index + 1].id, in: home, role: .member, at: .sample)
                projects.append(.sample(in: home, name: "more \(index)"))
                try ProjectStore(session).insert(projects[index + 3])
                let kind = [RegistryKind.harbor, .oci, .dockerHub][index % 3]
                credentials.append(try world.storeCredential(of: world.home, kind: kind, in: session))
                try world.storeCredential(of: world.away, kind: kind, in: session)
                try CredentialLinkStore(session).insert(credentials[index], project: project.id, at: .sample)
                keys.append(.sample(of: user))
                try APIKeyStore(session).insert(keys[index], hash: [1])
                organizations.append(Organization(id: .init(), name: "o", createdAt: .sample, updatedAt: .sample))
                try OrganizationStore(session).insert(organizations[index + 1])
                try MemberStore(session).insert(user, in: organizations[index + 1].id, role: .member, at: .sample)
            }
            for user in users {
                try ProjectMemberStore(session).insert(user.id, in: project, role: .readOnly, at: .sample)
            }
            func sorted<ID: Identifier>(_ ids: [ID]) -> [ID] { ids.sorted { $0.description < $1.description } }
            let byKind = credentials.sorted {
                ($0.kind.description, $0.id.description) < ($1.kind.description, $1.id.description)
            }.map(\.id)
            let harbor = sorted(credentials.filter { $0.kind == .harbor }.map(\.id))

            for size in [1, 100] + (0..<4).map({ _ in Int.random(in: 2...(count + 2)) }) {
                let store = CredentialStore(session)
                try check(size, byKind, \.id) { try store.list(in: home, kind: nil, page: $0) }
                try check(size, harbor, \.id) { try store.list(in: home, kind: .harbor, page: $0) }
                try check(size, byKind, \.id) { try store.list(linkedTo: project.id, kind: nil, page: $0) }
                try check(size, harbor, \.id) { try store.list(linkedTo: project.id, kind: .harbor, page: $0) }
                try check(size, sorted(projects.map(\.id)), \.id) {
                    try ProjectStore(session).list(in: home, member: nil, narrowed: nil, page: $0)
                }
                try check(size, sorted(users.map(\.id)), \.user.id) {
                    try MemberStore(session).list(in: home, page: $0)
                }
                try check(size, sorted(users.map(\.id)), \.user.id) {
                    try ProjectMemberStore(session).list(in: project.id, page: $0)
                }
                try check(size, sorted(keys.map(\.id)), \.id) {
                    try APIKeyStore(session).list(of: user, bound: nil, page: $0)
                }
                try check(size, sorted(organizations.map(\.id)), \.organization.id) {
                    try OrganizationStore(session).list(of: user, bound: nil, page: $0)
                }
            }
        }
    }

    @Test func mappedListingKeepsItsTotal() {
        let listing = Listing(items: [1, 2], total: 9).map { "\($0)" }
        #expect(listing.items == ["1", "2"] && listing.total == 9)
    }
}
