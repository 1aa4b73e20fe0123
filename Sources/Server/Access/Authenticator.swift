import Foundation
import Hummingbird
import Sealing
import Storage
import Tenancy

/// Finds out who asks. Nothing is kept in memory between requests: a revoked key stops at once.
struct Authenticator: Sendable {
    let tokens: AccessTokens
    let uses: UseRecorder<APIKeyID>
    let throttle: FailureThrottle

    /// The principal behind `presented`, looked up in `session`; nil when there is none. A key and a token that are unknown,
    /// expired or damaged look alike.
    func principal(_ presented: PresentedKey, _ session: any SQLSession, now: Date = Date()) throws -> Principal? {
        let key: APIKey
        switch presented {
        case .apiKey(let text):
            // The comparison runs for an unknown id too, so that its time does not tell whether an id exists.
            let found = try APIKeyStore(session).find(text.id)
            let isRight = constantTimeEqual(found?.hash ?? Authenticator.noHash, text.hash)
            guard let found, isRight else { return nil }
            key = found.key
        case .accessToken(let token):
            guard let id = tokens.keyID(of: token, now: now), let found = try APIKeyStore(session).find(id) else {
                return nil
            }
            key = found.key
        case .malformed, .none:
            return nil
        }
        if let expiry = key.expiresAt, expiry <= now { return nil }
        uses.note(key.id, lastUsedAt: key.lastUsedAt, at: now)
        return Principal(user: key.user, key: key.id, scope: key.scope)
    }

    private static let noHash = [UInt8](repeating: 0, count: 32)
}
