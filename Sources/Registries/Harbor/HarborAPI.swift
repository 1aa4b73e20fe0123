import Foundation
import OCI

/// Speaks Harbor's API with one server, as one login. Source: Harbor's API description, 2.0 to 2.14.
///
/// A credential that is not right is not refused: Harbor takes it for nobody, and shows what everybody may see with 200.
struct HarborAPI: Sendable {
    let outbound: OutboundClient
    let origin: OutboundOrigin
    let login: RegistryLogin
    let trust: TLSTrust?
    /// The project that the credential is for.
    let project: String

    init(_ credential: OpenedCredential, outbound: OutboundClient) throws(RegistryError) {
        self.outbound = outbound
        origin = try credential.origin()
        login = try credential.login()
        trust = try TLSTrust(credential)
        project = credential.publicFields["harborProject"] ?? ""
    }

    /// Asks; every status is an answer.
    func ask(
        _ path: String,
        _ method: OutboundRequest.Method = .get,
        query: [(name: String, value: String)] = [],
        isAnonymous: Bool = false,
        accept: String = "application/json",
        limit: BodyLimit = .object
    ) async throws -> OutboundResponse {
        try await outbound.send(
            OutboundRequest(
                method,
                origin.url(path, query: query),
                // Without it, a project whose name is a number is taken for that number.
                headers: [("Accept", accept), ("X-Is-Resource-Name", "true")],
                authorization: isAnonymous ? nil : .basic(username: login.username, password: login.password),
                bodyLimit: limit,
                trust: trust
            )
        )
    }

    /// One page of a list, the items that are readable. Throws what `failure` makes of a status that is not 200.
    func list<Item: Decodable & Sendable>(
        _ path: String,
        of type: Item.Type,
        page: Int,
        size: Int,
        query: [(name: String, value: String)] = [],
        failure: (OutboundResponse) async throws -> RegistryError
    ) async throws -> ListPage<Item> {
        let query = [("page", "\(page)"), ("page_size", "\(size)")] + query
        let response = try await ask(path, query: query, limit: .listPage)
        guard response.status == 200 else { throw try await failure(response) }
        guard let items = decodedForeign([LenientItem<Item>]?.self, response.body) else {
            throw RegistryError.misbehaved(origin, "sent a list that is not readable", status: response.status)
        }
        let total = response.headers["X-Total-Count"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        return ListPage(
            items: (items ?? []).compactMap(\.value),
            total: total,
            fetchedAt: outbound.time.date(),
            rateBudget: RateBudget(response.headers)
        )
    }

    /// The path of a project. Throws ``RegistryError/Code/projectNotFound`` for what no project is called.
    func path(project: String) throws(RegistryError) -> String {
        guard ImageReference.isRepository(project), !project.contains("/") else { throw noProject(project) }
        return "/api/v2.0/projects/\(OutboundURL.encoded(project))"
    }

    /// The path of a repository, whose name stands without the project. Harbor decodes it twice: a slash that is encoded once
    /// leads to a 404 that looks like a missing repository.
    func path(project: String, repository: String) throws(RegistryError) -> String {
        guard ImageReference.isRepository(repository) else { throw noRepository(repository, status: nil) }
        return try path(project: project) + "/repositories/\(OutboundURL.encoded(OutboundURL.encoded(repository)))"
    }

    func noProject(_ project: String, status: Int? = nil) -> RegistryError {
        RegistryError(
            .projectNotFound,
            "\(origin.authority) has no project \(HarborAPI.shown(project))",
            hint: "Check the project's name; Harbor's projects are in lower case.",
            upstream: .init(registry: origin.authority, status: status)
        )
    }

    func noRepository(_ repository: String, status: Int?) -> RegistryError {
        RegistryError(
            .repositoryNotFound,
            "\(origin.authority) has no repository \(HarborAPI.shown(repository)) in the project",
            hint: "Give the name as Harbor lists it, without the project in front.",
            upstream: .init(registry: origin.authority, status: status)
        )
    }

    /// A name from a request, fit to stand in a message.
    static func shown(_ name: String) -> String {
        ImageReference.isRepository(name) ? name : "of that name"
    }
}

extension HarborAPI {
    /// Whether a project exists: a question that any login may ask, whatever it may read. Nil when the login is nobody's.
    func exists(_ project: String) async throws -> Bool? {
        let response = try await ask("/api/v2.0/projects", .head, query: [("project_name", project)])
        switch response.status {
        case 200: return true
        case 404: return false
        case 401: return nil
        default: throw RegistryError(harbor: response, doing: "a look for the project")
        }
    }

    /// What a refusal in a project means. Harbor answers 403 to a missing right and to a missing project alike; one more
    /// question tells them apart.
    func refusal(
        _ response: OutboundResponse,
        project: String,
        right: String,
        missing: RegistryError
    ) async throws -> RegistryError {
        switch response.status {
        case 403:
            if try await exists(project) == false { return noProject(project, status: 403) }
            return RegistryError(
                .insufficientScope,
                "the credential lacks the right \(right) in the project \(HarborAPI.shown(project))",
                hint: "Give the robot this right on the project, in Harbor under Robot Accounts.",
                upstream: .init(registry: origin.authority, status: 403, code: RegistryError.word(in: response.body))
            )
        case 404: return missing
        default: return RegistryError(harbor: response, doing: right)
        }
    }
}
