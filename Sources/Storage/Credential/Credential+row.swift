import Registries
import Sealing
import Tenancy

extension Credential {
    static let columns = """
        credential.id, credential.organization_id, credential.kind, credential.name, credential.description, \
        credential.public_fields, credential.version, credential.root_key_id, credential.created_at, credential.updated_at
        """

    /// From ``columns``.
    init(row: SQLRow) throws {
        guard let kind = RegistryKind(named: try row.text(2)) else {
            throw StorageError(.unexpectedValue, "a credential is of a kind that this pratique does not know")
        }
        guard let rootKey = RootKeyID(try row.text(7)) else {
            throw StorageError(.unexpectedValue, "a credential names no root key")
        }
        self.init(
            id: CredentialID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            kind: kind,
            name: try row.text(3),
            description: try row.optionalText(4),
            publicFields: Credential.decode(publicFields: try row.text(5)),
            version: try row.integer(6),
            rootKey: rootKey,
            createdAt: try row.time(8),
            updatedAt: try row.time(9)
        )
    }

    /// One `name=value` a line. Values have no line breaks (``Registries/FieldRules`` sees to it) and names no `=`, so that
    /// this needs no escapes, and a list of a hundred costs no hundred JSON parsers.
    var encodedPublicFields: String {
        publicFields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }

    private static func decode(publicFields text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            fields[String(decoding: line[..<equals], as: UTF8.self)] =
                String(decoding: line[line.index(after: equals)...], as: UTF8.self)
        }
        return fields
    }
}
