import Registries
import RegistryStubs
import Sealing
import Testing

/// Harbor behind TLS of a private authority.
@Suite struct HarborTLSTests {
    private func withSecureHarbor(
        asksForClient: Bool = false,
        _ change: (inout HarborStubState) -> Void = { _ in },
        _ body: (StubHarbor, StubWorld, TestAuthority) async throws -> Void
    ) async throws {
        try await TestAuthority.run { authority in
            let pair = try await authority.issue("IP:127.0.0.1")
            var state = HarborStubState(
                projects: [
                    HarborStubProject(id: 7, name: "demo", repositories: [StubRepository("demo/app", generated: 1)])
                ],
                robots: [HarborStubRobot(project: "demo", name: "reader", secret: "Good-Secret-1")]
            )
            change(&state)
            let stub = try await StubHarbor.start(
                state,
                tls: StubTLS(
                    certificatePEM: pair.certificatePEM,
                    keyPEM: pair.keyPEM,
                    clientCAPEM: asksForClient ? authority.caPEM : nil
                )
            )
            do {
                try await body(stub, try StubWorld(), authority)
            } catch {
                await stub.stop()
                throw error
            }
            await stub.stop()
        }
    }

    @Test func privateAuthorityIsTrustedWhereTheCredentialNamesIt() async throws {
        try await withSecureHarbor { stub, world, authority in
            let ca = [(name: "caCertificatePem", value: Secret(authority.caPEM))]
            let result = await world.probe(.harbor(stub.address, secrets: ca))
            #expect(result.state == .verified, "\(result.fingerprint)")
            #expect(result.steps.allSatisfy { $0.outcome == .passed })
            let untrusted = await world.probe(.harbor(stub.address))
            #expect(untrusted.state == .unreachable)
            #expect(untrusted.outcome(.address) == .passed)
            #expect(untrusted.code(.tls) == "tls-untrusted")
            #expect(untrusted.advice?.contains("caCertificatePem") ?? false)
        }
    }

    @Test func clientCertificateIsShownWhereTheServerWantsOne() async throws {
        try await withSecureHarbor(asksForClient: true) { stub, world, authority in
            let client = try await authority.issue("DNS:client")
            let ca = [(name: "caCertificatePem", value: Secret(authority.caPEM))]
            let both =
                ca + [("clientCertificatePem", Secret(client.certificatePEM)), ("clientKeyPem", Secret(client.keyPEM))]
            #expect(await world.probe(.harbor(stub.address, secrets: both)).state == .verified)
            #expect(await world.probe(.harbor(stub.address, secrets: ca)).state == .unreachable)
        }
    }

    /// Harbor's external_url says http: its tokens would go over the wire in the clear.
    @Test func wrongExternalURLIsReportedAndNeverFollowed() async throws {
        try await withSecureHarbor {
            $0.externalScheme = "http"
        } _: { stub, world, authority in
            let ca = [(name: "caCertificatePem", value: Secret(authority.caPEM))]
            let result = await world.probe(.harbor(stub.address, secrets: ca))
            #expect(result.state == .unreachable)
            #expect(result.code(.challenge) == "address-forbidden")
            #expect(result.outcome(.credential) == .passed)
            #expect(result.outcome(.listing) == .passed)
            #expect(result.advice?.contains("external_url") ?? false)
        }
    }
}
