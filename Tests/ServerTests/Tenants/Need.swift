import Tenancy
import TestSupport

/// What an operation asks of a key, written down a second time and not derived from the program: a route that forgets its check
/// differs from this table.
enum Need: Sendable, Equatable {
    /// Nothing: the operation is public.
    case nothing
    /// A valid key.
    case user
    /// A membership in the organization.
    case member
    /// A permission on the organization.
    case organization(PermissionSet)
    /// A permission on the project.
    case project(PermissionSet)
    /// A permission on the organization that runs the service.
    case service

    /// The need of every operation; nil for one that is not in the table yet, which fails the matrix.
    init?(_ operation: APIContract.Operation) {
        switch operation.id.split(separator: "_").last.map(String.init) ?? "" {
        case "storeCredential", "updateCredential", "rotateCredential", "deleteCredential", "verifyCredential",
            "setCredentialProjects",
            "bulkApplyCredential":
            self = .organization(.manageIntegration)
        case "listOrganizationCredentials", "getOrganizationCredential", "listCredentialsByKind",
            "getIntegrationOverview",
            "getCredential", "getCredentialProjects", "getCredentialVerification", "getCredentialHealth", "listMembers":
            self = .organization(.read)
        case "createProject": self = .organization(.manageProject)
        case "updateOrganization", "deleteOrganization", "addMember", "setMemberRole", "removeMember", "issueMemberKey":
            self = .organization(.manageOrganization)
        case "getOrganization", "listProjects", "listHoldingImages", "getOrganizationOverview": self = .member
        case "listProjectCredentials", "getProjectCredential", "listLinkedCredentials", "getProject",
            "listProjectMembers", "listRegistryProjects", "listImages", "listImageTags", "getScan", "getScanEvents",
            "listSchedules", "getSchedule",
            "listScans", "listFindings", "getFinding", "listPackages", "listScannedImages", "listScannedRepositories",
            "getImageBill", "getImageSARIF", "getImageCSV", "getImageReport", "getProjectBill",
            "listUnmatchedDecisions", "getProjectOverview":
            self = .project(.read)
        case "createSchedule", "updateSchedule", "deleteSchedule", "startScan", "startPublicScan", "cancelScan",
            "decideFinding", "decideFindings", "deleteScannedImage", "importVEX":
            self = .project(.startScan)
        case "updateProject", "deleteProject", "addProjectMember", "setProjectMemberRole", "removeProjectMember":
            self = .project(.manageProject)
        case "listOrganizations", "createOrganization", "getProfile", "updateProfile", "listAPIKeys", "createAPIKey",
            "revokeAPIKey", "searchDockerHubImages":
            self = .user
        case "getAdvisories", "importAdvisories": self = .service
        case "getLiveness", "getReadiness", "getMetrics", "getOpenAPIDocument", "getDocumentationPage", "getClientApps",
            "exchangeToken":
            self = .nothing
        default: return nil
        }
    }
}
