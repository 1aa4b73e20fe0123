import Foundation
import Logging
import Registries
import Sealing
import Testing

/// Lends an outbound client to `body`. The names of `names` are at loopback as the test says; every host that is in `hosts` may be
/// spoken to without TLS and be at loopback.
func withOutbound<Result>(
    _ names: ScriptedNames = ScriptedNames(loopback: "registry.test", "other.test"),
    plain: Set<String> = ["registry.test", "other.test", "127.0.0.1"],
    local: Set<String> = ["registry.test", "other.test", "127.0.0.1"],
    allowsPrivateAddresses: Bool = true,
    limits: OutboundLimits = .patient,
    time: OutboundTime = .system,
    _ body: (OutboundClient) async throws -> Result
) async throws -> Result {
    let policy = OutboundPolicy(
        plainHTTPHosts: plain,
        privateHosts: local,
        allowsPrivateAddresses: allowsPrivateAddresses
    )
    let client = OutboundClient(
        policy: policy,
        limits: limits,
        version: "0-test",
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        resolver: names.resolver,
        time: time
    )
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

/// The error of `body`; records an issue when it throws none.
func registryError(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> RegistryError? {
    do {
        try await body()
        Issue.record("no error", sourceLocation: sourceLocation)
        return nil
    } catch let error as RegistryError {
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
        return nil
    }
}

extension OutboundLimits {
    /// Connects as long as a busy machine takes; a test of this bound sets its own.
    static let patient: OutboundLimits = {
        var limits = OutboundLimits()
        limits.connect = .seconds(60)
        limits.resolve = .seconds(60)
        return limits
    }()
}

extension OutboundDeadlines {
    /// For servers that never answer: as short as a test can bear.
    static let brief = OutboundDeadlines(
        firstByte: .milliseconds(150),
        idle: .milliseconds(100),
        whole: .milliseconds(300)
    )
}

/// A secret of a test, and whether it stands in a text: as it is, in a Basic header, or percent-encoded.
struct Canary {
    let text = "canary" + UUID().uuidString.replacingOccurrences(of: "-", with: "")
    let username = "ci-reader"

    var secret: Secret { Secret(text) }

    func isIn(_ wire: String) -> Bool {
        let basic = Data("\(username):\(text)".utf8).base64EncodedString()
        return [text, basic].contains { wire.contains($0) }
    }

    func login(pinned: String? = nil) -> RegistryLogin {
        RegistryLogin(id: UUID(), version: 1, username: username, password: secret, pinnedRealm: pinned)
    }
}
