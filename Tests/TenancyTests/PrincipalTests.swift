import Tenancy
import Testing

/// What a user may do through a key: the roles' permissions, cut to the key's scope.
@Suite struct PrincipalTests {
    private let organization = OrganizationID()
    private let project = ProjectID()

    private func principal(
        _ permissions: PermissionSet = .all,
        projects: Set<ProjectID>? = nil,
        organization: OrganizationID? = nil
    ) -> Principal {
        Principal(
            user: UserID(),
            key: APIKeyID(),
            scope: APIKey.Scope(permissions: permissions, projects: projects, organization: organization)
        )
    }

    /// Every role with every other: a project's role adds to the organization's and never takes away.
    @Test func projectRoleAddsToTheOrganizationsRole() {
        let principal = principal()
        for role in OrganizationRole.allCases {
            for projectRole in ProjectRole.allCases.map(Optional.some) + [nil] {
                let found = principal.permissions(in: project, of: organization, role: role, projectRole: projectRole)
                #expect(found == role.permissions.union(projectRole?.permissions ?? []))
            }
            #expect(principal.permissions(in: organization, role: role) == role.permissions)
        }
    }

    /// A project's role without a membership is a leftover and gives nothing.
    @Test func userWithoutAMembershipMayDoNothing() {
        #expect(principal().permissions(in: organization, role: nil) == [])
        for projectRole in ProjectRole.allCases.map(Optional.some) + [nil] {
            #expect(principal().permissions(in: project, of: organization, role: nil, projectRole: projectRole) == [])
        }
    }

    @Test func keyNeverAllowsMoreThanItsPermissions() {
        for bits in 0...PermissionSet.all.rawValue {
            let allowed = PermissionSet(rawValue: bits)
            let principal = principal(allowed)
            #expect(principal.permissions(in: organization, role: .administrator) == allowed)
            #expect(
                principal.permissions(in: project, of: organization, role: .member, projectRole: .manager)
                    == allowed.intersection([.manageProject, .startScan, .read])
            )
        }
    }

    @Test func keyNarrowedToProjectsDoesNothingElsewhere() {
        let principal = principal(projects: [project])
        #expect(
            principal.permissions(in: project, of: organization, role: .administrator, projectRole: nil) == .all
        )
        #expect(
            principal.permissions(in: ProjectID(), of: organization, role: .administrator, projectRole: .manager) == []
        )
        #expect(principal.permissions(in: organization, role: .administrator) == [])
    }

    @Test func keyNarrowedToNoProjectDoesNothing() {
        let principal = principal(projects: [])
        #expect(principal.permissions(in: organization, role: .administrator) == [])
        #expect(
            principal.permissions(in: project, of: organization, role: .administrator, projectRole: .manager) == []
        )
    }

    @Test func keyBoundToAnOrganizationDoesNothingInAnother() {
        let bound = principal(organization: organization)
        #expect(bound.permissions(in: organization, role: .manager) == OrganizationRole.manager.permissions)
        let other = OrganizationID()
        #expect(bound.permissions(in: other, role: .administrator) == [])
        #expect(bound.permissions(in: project, of: other, role: .administrator, projectRole: .manager) == [])
    }

    /// Also when a project's id is in the scope of a key that is bound elsewhere.
    @Test func bothLimitsHoldAtOnce() {
        let principal = principal([.read], projects: [project], organization: organization)
        #expect(
            principal.permissions(in: project, of: organization, role: .member, projectRole: .manager) == [.read]
        )
        #expect(
            principal.permissions(in: project, of: OrganizationID(), role: .member, projectRole: .manager) == []
        )
    }
}
