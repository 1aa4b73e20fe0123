import Tenancy
import Testing

/// Who may do what. Source: product.md, "Nouns".
@Suite struct RoleTests {
    // `manage_integration`: administrator, manager. `start_scan` and `read`: manager of the organization and up.
    // `manage_organization`: administrator. A member is nothing but what its projects make it.
    @Test(
        arguments: [
            (.administrator, [.manageOrganization, .manageProject, .manageIntegration, .startScan, .read]),
            (.manager, [.manageProject, .manageIntegration, .startScan, .read]),
            (.member, []),
        ] as [(OrganizationRole, PermissionSet)]
    )
    func organizationRoleAllows(role: OrganizationRole, permissions: PermissionSet) {
        #expect(role.permissions == permissions)
    }

    // `start_scan`: project developer and up. `read`: any project role. Nothing of the organization.
    @Test(
        arguments: [
            (.manager, [.manageProject, .startScan, .read]),
            (.analyst, [.startScan, .read]),
            (.developer, [.startScan, .read]),
            (.readOnly, [.read]),
        ] as [(ProjectRole, PermissionSet)]
    )
    func projectRoleAllows(role: ProjectRole, permissions: PermissionSet) {
        #expect(role.permissions == permissions)
    }

    /// The words of the API and of the database.
    @Test func rolesAndPermissionsHaveTheirPublishedNames() {
        #expect(OrganizationRole.allCases.map(\.rawValue) == ["administrator", "manager", "member"])
        #expect(ProjectRole.allCases.map(\.rawValue) == ["manager", "analyst", "developer", "read_only"])
        #expect(
            Permission.allCases.map(\.rawValue)
                == ["manage_organization", "manage_project", "manage_integration", "start_scan", "read"]
        )
    }

    @Test func noProjectRoleReachesBeyondItsProject() {
        for role in ProjectRole.allCases {
            #expect(role.permissions.isDisjoint(with: [.manageOrganization, .manageIntegration]))
        }
    }

    @Test func strongerRolesAllowAllThatWeakerOnesDo() {
        let organization = OrganizationRole.allCases.map(\.permissions)
        for (stronger, weaker) in zip(organization, organization.dropFirst()) {
            #expect(stronger.isSuperset(of: weaker))
        }
        let project = ProjectRole.allCases.map(\.permissions)
        for (stronger, weaker) in zip(project, project.dropFirst()) { #expect(stronger.isSuperset(of: weaker)) }
    }
}
