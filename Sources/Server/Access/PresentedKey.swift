import HTTPTypes
import Hummingbird
import Tenancy

/// What a request shows to say who asks.
enum PresentedKey {
    /// An API key, in `x-api-key` or as a bearer token.
    case apiKey(APIKeyText)
    /// An access token from `/oidc/token`.
    case accessToken(String)
    /// Something that can be neither.
    case malformed
    /// Nothing.
    case none

    /// The API key `text`, if it has the form of one.
    init(apiKey text: some StringProtocol) {
        self = APIKeyText(text).map { .apiKey($0) } ?? .malformed
    }

    /// What `request` shows; `x-api-key` goes before `Authorization`.
    init(_ request: Request) {
        if let key = request.headers[.xAPIKey] {
            self.init(apiKey: key)
        } else if let authorization = request.headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                self = .malformed
                return
            }
            let token = parts[1]
            if token.hasPrefix(AccessTokens.prefix) {
                self = .accessToken(String(token))
            } else {
                self.init(apiKey: token)
            }
        } else {
            self = .none
        }
    }
}
