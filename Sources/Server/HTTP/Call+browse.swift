import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// What a request for a list of a registry asks for, after all rules.
struct BrowseRequest: Sendable {
    let paging: Paging
    let include: BrowseInclude
    /// The registry's project or namespace, if the request names another than the credential's own.
    let project: String?
    /// The id in the query, where the dialect has it there.
    let credential: CredentialID?

    /// Pages beyond this one are answered like it: no registry has as many, and their offset must not overflow.
    static let lastPage = 10_000_000

    /// The page that the registry's client cuts for us.
    var page: BrowsePage { BrowsePage(number: min(paging.page.number, Self.lastPage), size: paging.page.size) }

    /// Reads the query of `request`; every complaint is told together.
    init(_ request: Request, dialect: BrowseDialect) throws(APIError) {
        let query = request.uri.queryParameters
        var errors: [FieldError] = []
        var credential: CredentialID?
        if !dialect.credentialIsInPath {
            let text = query["credentialId"]
            credential = text.flatMap { CredentialID(String($0)) }
            if text == nil {
                errors.append(FieldError("credentialId", "is required"))
            } else if credential == nil {
                errors.append(FieldError("credentialId", "must be a UUID"))
            }
        }
        self.credential = credential
        let project = dialect.project.flatMap { query[Substring($0.parameter)] }.map(String.init)
        if let parameter = dialect.project?.parameter, let project, !BrowseRequest.isProjectName(project) {
            errors.append(FieldError(parameter, "must be a name of lower-case letters, digits and . _ -"))
        }
        self.project = project
        let words = ["include", "include[]", "include%5B%5D"].flatMap { query[values: Substring($0)] }
        include = BrowseRequest.include(words, &errors)
        do {
            paging = try Paging(request)
        } catch {
            throw .invalid(errors + error.errors)
        }
        guard errors.isEmpty else { throw .invalid(errors) }
    }

    /// `include=a&include=b`, `include[]=a` and `include=a,b` are the same.
    private static func include(_ values: [Substring], _ errors: inout [FieldError]) -> BrowseInclude {
        let words = values.flatMap { $0.split(separator: ",") }
        if words.contains(where: { $0 != "artifacts" }) {
            errors.append(FieldError("include", "must be one of: artifacts"))
        }
        return words.isEmpty ? [] : .artifacts
    }

    /// Source: Harbor's rule for project names, which Docker Hub's namespaces keep too.
    private static func isProjectName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && (text.utf8.first.map(isAlphanumeric) ?? false)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
    }

    fileprivate static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte)
    }
}

extension Call {
    /// The repository in the path segment `name`. Clients encode its slashes once or twice; no repository has a `%` in its name, so
    /// that decoding once too often changes nothing. A text that cannot be one names nothing, and no registry is asked for it.
    func repository(_ name: String) throws(APIError) -> String {
        var text = context.parameters.get(name) ?? ""
        for _ in 0..<2 where text.contains("%") { text = text.removingPercentEncoding ?? "" }
        guard Call.isRepositoryName(text) else {
            throw APIError(
                status: .notFound,
                code: .repositoryNotFound,
                message: "there is no such repository here",
                hint: "A repository is named in lower case, without the registry's host and without a tag"
            )
        }
        return text
    }

    /// Source: OCI distribution spec 1.1, "Pulling manifests", with the length limit of the reference grammar.
    private static func isRepositoryName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return (1...255).contains(text.utf8.count)
            && parts.allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return BrowseRequest.isAlphanumeric(first) && BrowseRequest.isAlphanumeric(last)
                    && part.allSatisfy { BrowseRequest.isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
            }
    }

    /// The credential `id` of `kind`, if it is linked to the project that access was granted to: else 403 when it is one of the
    /// organization, and 404 when it is not.
    func linkedCredential(
        _ id: CredentialID?,
        kind: RegistryKind,
        to project: ProjectID,
        _ grant: Grant,
        _ session: any SQLSession
    ) throws -> Credential {
        let store = CredentialStore(session)
        guard let id, let organization = grant.organization else { throw APIError.credentialNotFound }
        guard let credential = try store.find(id, kind: kind, linkedTo: project) else {
            let isOurs = try store.find(id, kind: kind, in: organization) != nil
            throw isOurs ? APIError.credentialNotLinked : APIError.credentialNotFound
        }
        context.trace.note { $0.credential = id.description }
        return credential
    }

    /// The same credential with its secret, opened after every check.
    func openedCredential(
        _ id: CredentialID?,
        kind: RegistryKind,
        linkedTo project: ProjectID
    ) async throws -> OpenedCredential {
        let (credential, sealed, realm) = try await read(.project(project, .read)) { session, grant in
            let credential = try linkedCredential(id, kind: kind, to: project, grant, session)
            let sealed = try CredentialStore(session).sealedSecret(of: credential.id, in: credential.organization)
            guard let sealed else { throw APIError.credentialNotFound }
            let realm = try VerificationStore(session).pinnedRealm(of: credential.id, in: credential.organization)
            return (credential, sealed, realm)
        }
        try use(credential)
        return try service.sealer.open(credential, sealed, pinnedRealm: realm)
    }

    /// The answer of a list of a registry: how long it is, where its other pages are, how old it is, and what the registry says of
    /// its own rate limit. The names of the last say whose limit it is, so that no client takes it for ours.
    func browseResponse<Item>(_ body: JSON, _ result: BrowseResult<Item>, _ paging: Paging) -> Response {
        var response = Response.json(body)
        paging.setHeaders(of: &response, total: result.total, request: request)
        response.headers[.age] = String(max(0, Int(Date().timeIntervalSince(result.fetchedAt))))
        if let budget = result.rateBudget {
            response.headers[.xRegistryRateLimitLimit] = String(budget.limit)
            response.headers[.xRegistryRateLimitRemaining] = String(budget.remaining)
            if let end = budget.resetsAt { response.headers[.xRegistryRateLimitReset] = end.rfc3339 }
        }
        return response
    }
}
