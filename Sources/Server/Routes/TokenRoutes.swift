import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// What the published command-line client asks for before anything else: its client id, and a token for its key.
struct TokenRoutes {
    private let tag = "Tokens"
    private static let grantType = "urn:ietf:params:oauth:grant-type:token-exchange"

    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/client-apps",
                id: "getClientApps",
                tag: tag,
                summary: "The client ids of known clients",
                success: Operation.Success(
                    status: .ok,
                    description: "Client ids",
                    schema: Schema.object([("cli", Schema.object([("appId", Schema.string("Client id"))]))])
                ),
                isPublic: true
            )
        ) { _ in .json(["cli": ["appId": "pratique-cli"]]) }
        addTokenExchange(to: &api)
    }

    private func addTokenExchange(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/oidc/token",
                id: "exchangeToken",
                tag: tag,
                summary: "Exchange an API key for a ten-minute access token",
                description:
                    "OAuth 2.0 token exchange (RFC 8693). `client_id` and `resource` are accepted and not used.",
                body: Operation.Body(
                    contentType: "application/x-www-form-urlencoded",
                    schema: Schema.object(
                        [
                            ("grant_type", Schema.choice([Self.grantType], "Always this")),
                            ("subject_token", Schema.string("The API key", minimum: 1)),
                            ("subject_token_type", Schema.string("Accepted and not used")),
                            ("client_id", Schema.string("Accepted and not used")),
                            ("resource", Schema.string("Accepted and not used")),
                        ],
                        optional: ["subject_token_type", "client_id", "resource"]
                    )
                ),
                success: Operation.Success(
                    status: .ok,
                    description: "A token for the header Authorization: Bearer",
                    schema: Schema.object([
                        ("access_token", Schema.string("The token")), ("token_type", Schema.string("Bearer")),
                        ("issued_token_type", Schema.string("What kind of token it is")),
                        ("expires_in", Schema.integer("Seconds")),
                    ])
                ),
                errors: [.unauthorized, .tooManyRequests],
                isPublic: true
            )
        ) { call in
            try call.requireContentType("application/x-www-form-urlencoded")
            let form = FormBody(await String(decoding: try call.body(), as: UTF8.self))
            guard form["grant_type"] == Self.grantType else {
                throw APIError.invalid("grant_type", "must be \(Self.grantType)")
            }
            guard let text = form["subject_token"], !text.isEmpty else {
                throw APIError.invalid("subject_token", "is required: the API key")
            }
            let now = Date()
            let presented = PresentedKey(apiKey: text)
            let principal = try await call.service.database.read { session in
                try call.service.authenticator.principal(presented, session, now: now)
            }
            guard let principal else {
                call.service.metrics.wrongKey()
                throw try await call.service.authenticator.throttle.penalty(for: call.context.address)
            }
            call.context.trace.note { $0.key = principal.key }
            return .json([
                "access_token": .string(call.service.authenticator.tokens.issue(for: principal.key, now: now)),
                "token_type": "Bearer",
                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
                "expires_in": .integer(Int(AccessTokens.lifetime)),
            ])
        }
    }
}

/// A body of `application/x-www-form-urlencoded`; the first of several values counts.
private struct FormBody {
    private let values: [String: String]

    init(_ text: String) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = decoded.first ?? nil, values[name] == nil else { continue }
            values[name] = (decoded.count > 1 ? decoded[1] : "") ?? ""
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }
}
