import Foundation
import HTTPTypes
import Hummingbird
import Scanning
import Tenancy

/// The advisories that all organizations share: how old they are, and taking in new ones.
struct AdvisoryRoutes {
    private let tag = "Advisories"

    /// As of every URL.
    fileprivate static let urlLimit = 2_048

    private static let whoDescription = """
        For administrators of the organization that was made at the first start: advisories are shared by all organizations of a server.
        """

    func add(to api: inout APIRoutes) {
        addStatus(to: &api)
        addImport(to: &api)
    }

    private func addStatus(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/advisories",
                id: "getAdvisories",
                tag: tag,
                summary: "How old the advisories are, what they know of, and how the last import went",
                description: Self.whoDescription,
                success: Operation.Success(
                    status: .ok,
                    description: "The state",
                    schema: AdvisoryUpdater.schema
                )
            )
        ) { call in
            _ = try await call.authorize(.service(.manageOrganization))
            return .json(await call.service.advisories.body)
        }
    }

    private func addImport(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/advisories/import",
                id: "importAdvisories",
                tag: tag,
                summary: "Take in advisories in the background",
                description: """
                    \(Self.whoDescription) Of `url`, or of all `advisory-sources` of the settings without one. What is there already stays, \
                    and is replaced by what was modified later; when something fails, nothing is changed. `getAdvisories` tells the end.
                    """,
                body: Operation.Body(
                    schema: Schema.object(
                        [
                            (
                                "url",
                                Schema.string(
                                    "An https address of an archive or a file in OSV form",
                                    example: "https://osv-vulnerabilities.storage.googleapis.com/Debian/all.zip",
                                    maximum: AdvisoryRoutes.urlLimit
                                )
                            )
                        ],
                        optional: ["url"]
                    )
                ),
                success: Operation.Success(
                    status: .accepted,
                    description: "It has begun",
                    schema: AdvisoryUpdater.schema
                ),
                errors: [.conflict]
            )
        ) { call in
            _ = try await call.authorize(.service(.manageOrganization))
            let addresses = try await call.advisoryAddresses()
            guard call.service.advisories.start(addresses) else {
                throw APIError(
                    status: .conflict,
                    code: .conflict,
                    message: "an import of advisories runs already",
                    hint: "GET /advisories tells when it has ended"
                )
            }
            return .json(await call.service.advisories.body, status: .accepted)
        }
    }
}

extension Call {
    /// What the request names, or what the settings do.
    fileprivate func advisoryAddresses() async throws -> [AdvisoryAddress] {
        var fields = try await fields()
        let text = fields.optionalText("url", limit: AdvisoryRoutes.urlLimit)
        var addresses = service.advisories.settings.sources
        if let text {
            do {
                addresses = [try AdvisoryAddress(text)]
            } catch {
                fields.complain("url", error.message)
            }
        } else if addresses.isEmpty {
            fields.complain("url", "is required: the setting advisory-sources names nothing")
        }
        try fields.finish()
        return addresses
    }
}
