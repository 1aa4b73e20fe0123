import Tenancy
import Testing

/// A key may only make keys that can do no more than it can.
@Suite struct ScopeTests {
    private static let home = OrganizationID()
    private static let away = OrganizationID()
    private static let one = ProjectID()
    private static let two = ProjectID()

    private static func scope(
        _ permissions: PermissionSet = .all,
        projects: Set<ProjectID>? = nil,
        organization: OrganizationID? = nil
    ) -> APIKey.Scope {
        APIKey.Scope(permissions: permissions, projects: projects, organization: organization)
    }

    // (what it shows, the narrower scope, the wider scope, whether the first is within the second)
    static let table: [(String, APIKey.Scope, APIKey.Scope, Bool)] = [
        ("everything is within everything", .unlimited, .unlimited, true),
        ("fewer permissions", scope([.read]), scope([.read, .startScan]), true),
        ("the same permissions", scope([.read]), scope([.read]), true),
        ("no permissions", scope([]), scope([.read]), true),
        ("more permissions", scope([.read, .startScan]), scope([.read]), false),
        ("other permissions", scope([.startScan]), scope([.read]), false),
        ("one organization of all", scope(organization: home), .unlimited, true),
        ("the same organization", scope(organization: home), scope(organization: home), true),
        ("another organization", scope(organization: away), scope(organization: home), false),
        ("all organizations of one", .unlimited, scope(organization: home), false),
        ("some projects of all", scope(projects: [one]), .unlimited, true),
        ("fewer projects", scope(projects: [one]), scope(projects: [one, two]), true),
        ("no project", scope(projects: []), scope(projects: [one]), true),
        ("the same projects", scope(projects: [one, two]), scope(projects: [one, two]), true),
        ("another project", scope(projects: [two]), scope(projects: [one]), false),
        ("one project too many", scope(projects: [one, two]), scope(projects: [one]), false),
        ("all projects of some", .unlimited, scope(projects: [one]), false),
        ("all projects of none", .unlimited, scope(projects: []), false),
        (
            "bound, yet all projects of some", scope(organization: home), scope(projects: [one], organization: home),
            false
        ),
        (
            "narrower in every way", scope([.read], projects: [one], organization: home),
            scope([.read, .startScan], projects: [one, two], organization: home), true
        ),
        (
            "narrower in all but the organization", scope([.read], projects: [one]),
            scope([.read, .startScan], projects: [one, two], organization: home), false
        ),
    ]

    @Test(arguments: table.indices)
    func scopeIsWithinAnotherWhenItAllowsNothingMore(index: Int) {
        let (name, inner, outer, expected) = ScopeTests.table[index]
        #expect(inner.isWithin(outer) == expected, "\(name)")
    }

    /// What the rule is for: whatever a scope within another may do, the other may do as well.
    @Test func noScopeWithinAnotherAllowsMore() {
        let permissions: [PermissionSet] = [[], [.read], [.read, .startScan], .all]
        let projects: [Set<ProjectID>?] = [nil, [], [ScopeTests.one], [ScopeTests.one, ScopeTests.two]]
        let organizations: [OrganizationID?] = [nil, ScopeTests.home, ScopeTests.away]
        var scopes: [APIKey.Scope] = []
        for permission in permissions {
            for project in projects {
                for organization in organizations {
                    scopes.append(ScopeTests.scope(permission, projects: project, organization: organization))
                }
            }
        }
        for inner in scopes {
            for outer in scopes where inner.isWithin(outer) {
                for (small, large) in zip(everything(inner), everything(outer)) {
                    #expect(small.isSubset(of: large), "\(inner) is not within \(outer)")
                }
            }
        }
    }

    /// What an administrator may do through a key of `scope`, in both organizations and both projects.
    private func everything(_ scope: APIKey.Scope) -> [PermissionSet] {
        let principal = Principal(user: UserID(), key: APIKeyID(), scope: scope)
        return [ScopeTests.home, ScopeTests.away].flatMap { organization in
            [principal.permissions(in: organization, role: .administrator)]
                + [ScopeTests.one, ScopeTests.two].map {
                    principal.permissions(in: $0, of: organization, role: .administrator, projectRole: nil)
                }
        }
    }
}
