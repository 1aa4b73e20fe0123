import Foundation
import Hummingbird
import Registries
import Sealing
import Storage
import Tenancy

extension Call {
    /// The credential `id` of `organization`, or 404. Puts the id on the request's log line.
    func credential(
        _ id: CredentialID?,
        kind: RegistryKind?,
        in organization: OrganizationID,
        _ session: any SQLSession
    ) throws -> Credential {
        guard let id, let credential = try CredentialStore(session).find(id, kind: kind, in: organization) else {
            throw APIError.credentialNotFound
        }
        context.trace.note { $0.credential = id.description }
        return credential
    }

    /// The same, for a route that will change it: a credential whose root key is missing is read-only.
    func changeableCredential(
        _ id: CredentialID?,
        kind: RegistryKind?,
        in organization: OrganizationID,
        _ session: any SQLSession
    ) throws -> Credential {
        let credential = try credential(id, kind: kind, in: organization, session)
        try service.sealer.requireReadable(credential)
        return credential
    }

    /// A list as the contract has it: an array, its paging told in headers.
    func plainList(_ listing: Listing<JSON>, _ paging: Paging) -> Response {
        page(.array(listing.items), total: listing.total, paging)
    }

    /// A list of ours: an object that tells where the items stand in the whole.
    func pagedList(_ noun: String, _ listing: Listing<JSON>, _ paging: Paging) -> Response {
        page(paging.body(noun, listing), total: listing.total, paging)
    }

    /// A page of a list, with the headers of ``Operation/pageHeaders``.
    func page(_ body: JSON, total: Int, _ paging: Paging) -> Response {
        var response = Response.json(body)
        paging.setHeaders(of: &response, total: total, request: request)
        return response
    }
}

extension Credential {
    /// The path of the organization-wide read.
    var location: String {
        "/integrations/\(kind)/container-registry/organization/\(organization)/credentials/\(id)"
    }
}

/// What a store request gives, after all rules; every complaint is told together.
struct StoreRequest: Sendable {
    let project: ProjectID
    let input: CredentialInput
    let name: String?
    let description: String?
    /// When the secret ends, as the user says, else as what was pasted says.
    let expiresAt: Date?

    init(_ body: Data, registry: RegistryDescription, plainHTTPHosts: Set<String>) throws(APIError) {
        var fields = try RequestFields(body)
        let project: ProjectID? = fields.id("projectId")
        let input = fields.credentialInput(of: registry, plainHTTPHosts: plainHTTPHosts)
        name = fields.optionalText("name")
        description = fields.optionalText("description", limit: FieldRules.descriptionLimit)
        let expiresAt = fields.expiry()
        try fields.finish()
        guard let project, let input else {
            throw .internalError(cause: "a store request without complaints is incomplete")
        }
        self.expiresAt = fields.contains("expiresAt") ? expiresAt : input.expiresAt
        self.project = project
        self.input = input
    }
}
