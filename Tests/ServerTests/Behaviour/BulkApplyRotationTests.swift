import Foundation
import Registries
import Sealing
import Storage
import Synchronization
import Testing

@testable import Server

/// What bulk-apply does to the secret of a credential that is there already.
@Suite("Bulk-apply, rotating") struct BulkApplyRotationTests {
    /// A self-signed CA of nobody's.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBkjCCATmgAwIBAgIUbQmZ6UGiM+V9lC4QXQYYzuUeHMcwCgYIKoZIzj0EAwIw
        HjEcMBoGA1UEAwwTQXV0aG9yaXR5IG9mIGEgdGVzdDAgFw0yNjExMjQxMDQyNDda
        GA8yMTI2MTAzMTEwNDI0N1owHjEcMBoGA1UEAwwTQXV0aG9yaXR5IG9mIGEgdGVz
        dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAsyxc/KVz61rlRCV2nrc6MDATJl
        q9Wc1uOk1NGJwXXNE0ioyqHKpgUc/8f/BB3lmLJjxLtEVxhopnZrThRDLN6jUzBR
        MB0GA1UdDgQWBBQbENzGU5G1nVhWc3xLcom9xg/+1zAfBgNVHSMEGDAWgBQbENzG
        U5G1nVhWc3xLcom9xg/+1zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cA
        MEQCIDm7OprbAH5KWS176uB9k+/Dgba+sYxCHF12BaHCIO0vAiAcEgfcBpEvF28y
        FHlzTq9390fq3Wx7j9TFEKPS4Nmnmw==
        -----END CERTIFICATE-----
        """

    private static func body(_ more: [String: String]) throws -> Data {
        var body: [String: Any] = [
            "registryType": "oci", "projectIds": [String](), "name": "shared",
            "registryUrl": "https://registry.example.com", "username": "reader",
        ]
        body.merge(more) { $1 }
        return try JSONSerialization.data(withJSONObject: body)
    }

    /// The secret fields that are stored after these bodies, one after the other.
    private static func stored(_ bodies: [[String: String]]) async throws -> (version: Int64, secret: SecretBundle) {
        let result = Mutex<(version: Int64, secret: SecretBundle)?>(nil)
        try await VerifierWorld.withStopped { world async throws in
            for body in bodies {
                let request = try BulkApplyRequest(Self.body(body), plainHTTPHosts: [])
                try await world.database.write { session in
                    _ = try request.apply(in: world.organization, sealer: world.sealer, trace: RequestTrace(), session)
                }
            }
            let (credential, sealed) = try await world.database.read { session in
                let store = CredentialStore(session)
                let found = try store.findOnly(
                    named: "shared",
                    kind: RegistryDescription.oci.kind,
                    in: world.organization
                )
                let credential = try #require(found)
                return (credential, try #require(try store.sealedSecret(of: credential.id, in: world.organization)))
            }
            let secret = try world.sealer.open(credential, sealed).secret
            result.withLock { $0 = (credential.version, secret) }
        }
        return try #require(result.withLock { $0 })
    }

    /// A private CA outlives a new password, as it does in a rotation of its own.
    @Test func aCertificateThatIsLeftOutIsKept() async throws {
        let (version, secret) = try await Self.stored([
            ["password": "one", "caCertificatePem": Self.certificate], ["password": "two"],
        ])
        #expect(version == 2 && secret["password"] == Secret("two"))
        #expect(secret["caCertificatePem"] == Secret(Self.certificate))
    }

    @Test func anEmptyTextTakesACertificateAway() async throws {
        let (version, secret) = try await Self.stored([
            ["password": "one", "caCertificatePem": Self.certificate], ["password": "two", "caCertificatePem": ""],
        ])
        #expect(version == 2 && secret["password"] == Secret("two") && secret["caCertificatePem"] == nil)
    }

    @Test func aCertificateThatIsGivenReplacesNone() async throws {
        let (version, secret) = try await Self.stored([
            ["password": "one"], ["password": "two", "caCertificatePem": Self.certificate],
        ])
        #expect(version == 2 && secret["caCertificatePem"] == Secret(Self.certificate))
    }
}
