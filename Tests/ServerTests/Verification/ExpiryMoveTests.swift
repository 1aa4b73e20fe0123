import Foundation
import Registries
import TestSupport
import Testing

/// A change of `expiresAt` moves the scheduled probe. The rule is that of docs/verification.md, "When a secret ends".
@Suite("Expiry that a change moves") struct ExpiryMoveTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// Probes a credential and lends what changes its end and tells when it is probed next, both in hours from that probe.
    private func withProbed(
        _ outcome: Verification = .scripted(.verified),
        _ body: ((Double?) async throws -> Double) async throws -> Void
    ) async throws {
        var options = ServerOptions()
        options.registry = ScriptedRegistry { _ in outcome }
        options.verifierClock = ManualClock(Self.start).forVerifier
        try await withServer(options: options) { server async throws in
            let collection = CredentialPath.collection("oci", server.first.organization)
            let item = "\(collection)/\(try await server.store("oci"))"
            #expect(try await server.admin.post("\(item)/verify").status == 200)
            try await body { hours async throws in
                let end = hours.map { TestJSON.string((Self.start + $0 * 3600).formatted(.iso8601)) }
                let changed = try await server.admin.patch(item, ["expiresAt": end ?? .null])
                #expect(changed.status == 200, "\(changed)")
                let due = try #require(try await server.admin.get("\(item)/verification").json["nextCheckAt"].string)
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                return try Date(due, strategy: style).timeIntervalSince(Self.start) / 3600
            }
        }
    }

    /// A minute after the end, and once a day at the latest.
    @Test func anEarlierEndIsProbedRightAfterIt() async throws {
        let minute = 1.0 / 60
        try await withProbed { dueAfterEnd async throws in
            #expect(try await dueAfterEnd(48) == 24)
            #expect(try await abs(dueAfterEnd(3) - 3 - minute) < 0.001)
            #expect(try await abs(dueAfterEnd(5) - 5 - minute) < 0.001, "a later end moves it back")
            #expect(try await dueAfterEnd(nil) == 24, "and so does none")
            #expect(try await dueAfterEnd(-1) == 24, "what had ended before the probe was probed after its end")
        }
    }

    /// It was refused, and is tried again as such a one is.
    @Test func aFailedProbeIsRepeatedAsBefore() async throws {
        try await withProbed(.scripted(.rejected)) { dueAfterEnd async throws in
            #expect(try await dueAfterEnd(0.5) == 1)
            #expect(try await dueAfterEnd(nil) == 1)
        }
    }
}
