import Foundation
import Storage
import Tenancy

/// A new API key at the one time that its text exists.
struct IssuedKey: Sendable {
    let key: APIKey
    let text: APIKeyText

    /// A key that an administrator makes for a member: bound to the organization, so that it opens nothing else that the member
    /// has, and good for seven days.
    static func make(for user: UserID, in organization: OrganizationID, now: Date) -> IssuedKey {
        make(
            for: user,
            name: "issued by an administrator",
            scope: APIKey.Scope(permissions: .all, projects: nil, organization: organization),
            expiresAt: now + 7 * 86_400,
            now: now
        )
    }

    /// A key of `user`.
    static func make(
        for user: UserID,
        name: String,
        scope: APIKey.Scope,
        expiresAt: Date?,
        now: Date
    ) -> IssuedKey {
        let text = APIKeyText()
        return IssuedKey(
            key: APIKey(
                id: text.id,
                user: user,
                name: name,
                scope: scope,
                createdAt: now,
                expiresAt: expiresAt,
                lastUsedAt: nil
            ),
            text: text
        )
    }

    /// Keeps the key's record and hash.
    func insert(_ session: any SQLSession) throws -> IssuedKey {
        try APIKeyStore(session).insert(key, hash: text.hash)
        return self
    }

    /// The record with the key itself.
    var body: JSON { key.body.adding(["key": .string(text.reveal())]) }
}
