import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat
import Registries
import Scanning
import Storage
import Tenancy

/// One request on its way through a route: who asks, for what, with which body.
struct Call: Sendable {
    let request: Request
    let context: PratiqueContext
    let service: Service

    /// What every route needs; built once in build.swift.
    struct Service: Sendable {
        let database: any Database
        let authenticator: Authenticator
        let sealer: CredentialSealer
        let requestMAC: RequestMAC
        let metrics: ServerMetrics
        let plainHTTPHosts: Set<String>
        let registries: RegistryDirectory
        let dockerHubSearch: DockerHubSearch
        let verifier: Verifier
        let credentialUses: UseRecorder<CredentialID>
        let scans: ScanWorker
        let advisories: AdvisoryUpdater
        let eventSlots = AnswerSlots.events()
        let documents = DocumentRoom()
    }

    /// The id in the path segment `name`; a text that is no UUID names nothing.
    func id<ID: Identifier>(_ name: String, as type: ID.Type = ID.self) -> ID? {
        context.parameters.get(name).flatMap { ID($0) }
    }

    /// The organization in the path. A text that is no UUID is answered like one that does not exist.
    func organizationID() throws(APIError) -> OrganizationID {
        guard let id = id("organizationId", as: OrganizationID.self) else { throw .forbidden }
        return id
    }

    /// The project in the path, likewise.
    func projectID() throws(APIError) -> ProjectID {
        guard let id = id("projectId", as: ProjectID.self) else { throw .forbidden }
        return id
    }

    /// The credential in the path; nil is answered with 404, after access was checked.
    var credentialID: CredentialID? { id("credentialId") }

    /// The user in the path, likewise.
    var userID: UserID? { id("userId") }

    /// The body of a JSON request, not parsed yet. Throws 415 for another content type and 413 beyond
    /// `limit` bytes.
    func jsonBody(limit: Int = RequestLimits.bodyInBytes) async throws -> Data {
        try requireContentType("application/json")
        return try await body(limit: limit)
    }

    /// The body as a JSON object.
    func fields() async throws -> RequestFields {
        try RequestFields(await jsonBody())
    }

    func requireContentType(_ expected: String) throws(APIError) {
        if request.headers[.contentType] == expected { return }
        let given = request.headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
            .lowercased()
        guard given == expected else {
            throw APIError(
                status: .unsupportedMediaType,
                code: .unsupportedMediaType,
                message: "the body must be sent as \(expected)",
                hint: "Set the header Content-Type: \(expected)"
            )
        }
    }

    func body(limit: Int = RequestLimits.bodyInBytes) async throws -> Data {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw APIError.bodyTooLarge(limit: limit)
        }
        do {
            return Data(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw APIError.bodyTooLarge(limit: limit)
        }
    }
}
