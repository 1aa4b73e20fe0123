public import Tenancy

/// Whose administrators may change what all organizations of a service share: the organization that was made at the first start.
///
/// Anybody may make an organization and is its administrator: that alone is no right to what others depend on. When the organization
/// is deleted nobody takes its place.
public struct OperatingOrganizationStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Makes `organization` the one, unless there is one.
    public func insert(_ organization: OrganizationID) throws {
        guard try find() == nil else { return }
        try session.execute(
            "INSERT INTO operating_organization (organization_id) VALUES ($1)",
            [.uuid(organization.uuid)]
        )
    }

    /// The one, if it is still there.
    public func find() throws -> OrganizationID? {
        try session.first("SELECT organization_id FROM operating_organization LIMIT 1", []).map {
            OrganizationID(try $0.uuid(0))
        }
    }
}
