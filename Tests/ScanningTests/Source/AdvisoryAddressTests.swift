import Advisories
import Foundation
import Logging
import Registries
import RegistryStubs
import TestSupport
import Testing

@testable import Scanning

/// Advisories from far away come through the client for everything that leaves the process.
@Suite(.timeLimit(.minutes(1))) struct AdvisoryAddressTests {
    private static let record = """
        {"schema_version":"1.7.0","id":"CVE-2026-1","modified":"2026-11-20T00:00:00Z","affected":[{"package":{"ecosystem":"Debian:12",\
        "name":"zlib"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}
        """

    /// Imports what the server answers; https itself is the outbound client's matter, and is tested there.
    private func imported(_ answer: WireAnswer, into path: String) async throws -> AdvisoryImportReport {
        try await WireServer.run { _ in
            answer
        } _: { server in
            let authority = "127.0.0.1:\(server.port)"
            let outbound = OutboundClient(
                policy: OutboundPolicy(plainHTTPHosts: [authority], privateHosts: [authority]),
                version: "0-test",
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            let address = AdvisoryAddress(url: try OutboundURL("http://\(authority)/CVE-2026-1.json"))
            do {
                let report = try await AdvisoryImport(into: path).run([address.source(through: outbound)])
                await outbound.shutdown()
                return report
            } catch {
                await outbound.shutdown()
                throw error
            }
        }
    }

    @Test func whatIsFetchedIsImported() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.file("advisories.sqlite")
            let report = try await imported(.ok(Self.record), into: path)
            #expect(report.added == 1)
        }
    }

    @Test(arguments: [404, 500]) func answerThatIsNoFileChangesNothing(status: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.file("advisories.sqlite")
            _ = try await imported(.ok(Self.record), into: path)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = await #expect(throws: AdvisoryError.self) {
                try await imported(.status(status, body: "no"), into: path)
            }
            #expect(error?.message.contains("\(status)") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }
}
