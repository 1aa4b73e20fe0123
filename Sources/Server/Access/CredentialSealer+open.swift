import Registries
import Sealing
import Storage

extension CredentialSealer {
    /// Opens a credential for one piece of work. Throws `SealingError` when its root key is missing, or when the row was changed
    /// or moved.
    func open(_ credential: Credential, _ sealed: SealedSecret, pinnedRealm: String? = nil) throws -> OpenedCredential {
        OpenedCredential(
            id: credential.id.uuid,
            version: credential.version,
            kind: credential.kind,
            publicFields: credential.publicFields,
            secret: try keyring.open(sealed, for: credential.sealingContext),
            pinnedRealm: pinnedRealm
        )
    }
}
