/// What a member is in an organization.
public enum OrganizationRole: String, Sendable, CaseIterable {
    /// Does everything, members and the organization itself included.
    case administrator
    /// Stores credentials, runs projects, reads everything.
    case manager
    /// Sees only the projects that it is a member of.
    case member

    /// What the role allows on the organization and on every project of it.
    public var permissions: PermissionSet {
        switch self {
        case .administrator: .all
        case .manager: [.manageIntegration, .manageProject, .startScan, .read]
        case .member: []
        }
    }
}

/// What a member is in one project, from the strongest to the weakest.
public enum ProjectRole: String, Sendable, CaseIterable {
    /// Runs the project and its members.
    case manager
    /// Decides on findings.
    case analyst
    /// Starts scans.
    case developer
    /// Reads.
    case readOnly = "read_only"

    /// What the role allows on that project.
    public var permissions: PermissionSet {
        switch self {
        case .manager: [.manageProject, .startScan, .read]
        case .analyst, .developer: [.startScan, .read]
        case .readOnly: [.read]
        }
    }
}
