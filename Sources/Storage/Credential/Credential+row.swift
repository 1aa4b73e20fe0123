import Foundation
import Registries
import Sealing
import Tenancy

extension Credential {
    static let columns = """
        credential.id, credential.organization_id, credential.kind, credential.name, credential.description, \
        credential.public_fields, credential.version, credential.root_key_id, credential.created_at, credential.updated_at, \
        credential.expires_at, credential.last_used_at, v.version, v.state, v.checked_at, v.expires_at, v.expiry_source
        """

    /// Joined to `credential` for ``columns``.
    static let joins = "LEFT JOIN credential_verification AS v ON v.credential_id = credential.id"

    /// From ``columns``.
    init(row: SQLRow) throws {
        guard let kind = RegistryKind(named: try row.text(2)) else {
            throw StorageError(.unexpectedValue, "a credential is of a kind that this pratique does not know")
        }
        guard let rootKey = RootKeyID(try row.text(7)) else {
            throw StorageError(.unexpectedValue, "a credential names no root key")
        }
        let (version, expiresAt) = (try row.integer(6), try row.optionalTime(10))
        self.init(
            id: CredentialID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            kind: kind,
            name: try row.text(3),
            description: try row.optionalText(4),
            publicFields: Credential.decode(publicFields: try row.text(5)),
            version: version,
            rootKey: rootKey,
            createdAt: try row.time(8),
            updatedAt: try row.time(9),
            expiresAt: expiresAt,
            lastUsedAt: try row.optionalTime(11),
            verification: try Credential.summary(row, version: version, expiresAt: expiresAt)
        )
    }

    /// What was learned of another version says nothing of this one.
    private static func summary(_ row: SQLRow, version: Int64, expiresAt: Date?) throws -> VerificationSummary? {
        guard row.values[12] == .integer(version) else { return nil }
        return VerificationSummary(
            state: try row.verificationState(13),
            checkedAt: try row.optionalTime(14),
            expiry: Verification.Expiry(at: try row.optionalTime(15), source: try row.expirySource(16)).orElse(
                expiresAt
            )
        )
    }

    /// One `name=value` a line. Values have no line breaks (``Registries/FieldRules`` sees to it) and names no `=`, so that
    /// this needs no escapes, and a list of a hundred costs no hundred JSON parsers.
    var encodedPublicFields: String {
        publicFields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }

    private static func decode(publicFields text: String) -> [String: String] {
        var fields: [String: String] = [:]
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let line = rest.prefix { $0 != UInt8(ascii: "\n") }
                rest = rest[line.endIndex...].dropFirst()
                guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
                fields[String(decoding: line[..<equals], as: UTF8.self)] =
                    String(decoding: line[(equals + 1)...], as: UTF8.self)
            }
        }
        return fields
    }
}
