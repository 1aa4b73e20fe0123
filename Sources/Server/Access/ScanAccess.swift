import OCI
import Registries
import Scanning
import Sealing
import Storage

/// Reaches the registry of a scan: with its credential, opened now, or as nobody.
struct ScanAccess: Sendable {
    let database: any Database
    let sealer: CredentialSealer
    let clients: RegistryClients
    let settings: ServerSettings
    let credentialUses: UseRecorder<CredentialID>

    /// A client for the registry of `request`, which keeps no secret: it is opened each time that it is sent. The credential is looked
    /// up as it is then, so that one that was rotated is used in its new version. Throws ``Scanning/ScanRefused`` when it is gone or not
    /// linked any more, `RegistryError` and `SealingError`; so does the client later.
    func client(for request: ScanRequest) async throws -> DistributionClient {
        guard request.usesCredential else { return try publicClient(for: request) }
        let first = try await opened(for: request)
        let origin = first.origin
        return first.reopening {
            let next = try await opened(for: request)
            // What is for another registry now is not sent to this one.
            guard next.origin == origin, let login = next.login else { throw ScanRefused(.credentialChanged) }
            return login
        }
    }

    /// A client with the secret in it.
    private func opened(for request: ScanRequest) async throws -> DistributionClient {
        guard let id = request.credential else { throw ScanRefused(.credentialDeleted) }
        let (credential, sealed, realm) = try await database.read { session in
            let store = CredentialStore(session)
            guard let known = try store.find(id, kind: nil, in: request.organization),
                let sealed = try store.sealedSecret(of: id, in: request.organization)
            else { throw ScanRefused(.credentialDeleted) }
            guard let credential = try store.find(id, kind: known.kind, linkedTo: request.project) else {
                throw ScanRefused(.credentialUnlinked)
            }
            let realm = try VerificationStore(session).pinnedRealm(of: id, in: request.organization)
            return (credential, sealed, realm)
        }
        credentialUses.note(id, lastUsedAt: credential.lastUsedAt)
        if credential.verification.state == .excessive, settings.verification.excessPrivilege == .refuse {
            throw RegistryError.refusedForRights
        }
        return try clients.distribution(for: sealer.open(credential, sealed, pinnedRealm: realm))
    }

    private func publicClient(for request: ScanRequest) throws -> DistributionClient {
        DistributionClient(
            outbound: clients.outbound,
            tokens: clients.tokens,
            origin: try publicOrigin(of: ImageReference(request.image).registry)
        )
    }

    /// Without TLS only where the operator says so.
    private func publicOrigin(of host: String) throws -> OutboundOrigin {
        guard host != ImageReference.dockerHub else { return clients.dockerHub.registry }
        let isPlain = (try? RegistryURL("http://\(host)", plainHTTPHosts: settings.plainHTTPHosts)) != nil
        do {
            return try OutboundOrigin("\(isPlain ? "http" : "https")://\(host)")
        } catch {
            throw RegistryError(.unreachable, "the image's registry \(error.message)", hint: "Check the image's name")
        }
    }
}
