/// One thing that may be allowed; the words are those that an API key is narrowed with.
public enum Permission: String, Sendable, CaseIterable {
    /// Members, settings and deletion of an organization.
    case manageOrganization = "manage_organization"
    /// Creating, changing and deleting projects and their members.
    case manageProject = "manage_project"
    /// Storing, rotating, linking and deleting credentials.
    case manageIntegration = "manage_integration"
    /// Starting scans.
    case startScan = "start_scan"
    /// Reading.
    case read
}

/// A set of permissions.
public struct PermissionSet: OptionSet, Sendable, Hashable {
    /// One bit for each permission, in the order of ``Permission/allCases``.
    public let rawValue: UInt8

    /// The set with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of one permission.
    public init(_ permission: Permission) {
        let index = Permission.allCases.firstIndex(of: permission) ?? 0
        rawValue = 1 << UInt8(index)
    }

    /// See ``Permission/manageOrganization``.
    public static let manageOrganization = PermissionSet(.manageOrganization)
    /// See ``Permission/manageProject``.
    public static let manageProject = PermissionSet(.manageProject)
    /// See ``Permission/manageIntegration``.
    public static let manageIntegration = PermissionSet(.manageIntegration)
    /// See ``Permission/startScan``.
    public static let startScan = PermissionSet(.startScan)
    /// See ``Permission/read``.
    public static let read = PermissionSet(.read)
    /// Every permission.
    public static let all = PermissionSet(Permission.allCases.map(PermissionSet.init))

    /// The permissions of the set, in the order of ``Permission/allCases``.
    public var permissions: [Permission] { Permission.allCases.filter { contains(PermissionSet($0)) } }
}
