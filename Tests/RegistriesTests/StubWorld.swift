import Foundation
import Logging
import Registries
import RegistryStubs
import Sealing
import Synchronization
import Testing

/// The clients under test with everything real but the far side, and a clock that a test may move.
struct StubWorld {
    let outbound: OutboundClient
    let clients: RegistryClients
    let clock: MovedClock

    init(
        dockerHub: StubDockerHub? = nil,
        limits: BrowseLimits = BrowseLimits(),
        outboundLimits: OutboundLimits = .init()
    ) throws {
        let clock = MovedClock()
        var outboundLimits = outboundLimits
        outboundLimits.connect = .seconds(120)
        let hosts: Set<String> = ["127.0.0.1", "localhost"]
        outbound = OutboundClient(
            policy: OutboundPolicy(plainHTTPHosts: hosts, privateHosts: hosts),
            limits: outboundLimits,
            version: "test",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: clock.time
        )
        let endpoints = try dockerHub.map {
            DockerHubEndpoints(
                hub: try OutboundOrigin($0.hubAddress),
                auth: try OutboundOrigin($0.authAddress),
                registry: try OutboundOrigin($0.registryAddress)
            )
        }
        clients = RegistryClients(
            outbound: outbound,
            tokens: TokenCache(time: clock.time),
            cache: BrowseCache(limits: limits, time: clock.time),
            dockerHub: endpoints ?? .standard
        )
        self.clock = clock
    }

    /// Clients whose lists do not grow old within a test, however slow the machine is.
    var patient: RegistryClients {
        RegistryClients(
            outbound: outbound,
            tokens: clients.tokens,
            cache: BrowseCache(limits: BrowseLimits(lifetime: .seconds(86_400)), time: clock.time),
            dockerHub: clients.dockerHub
        )
    }

    func probe(_ credential: OpenedCredential) async -> Verification {
        await clients.registry(for: credential.kind).probe(credential)
    }

    func registry(_ credential: OpenedCredential) -> any Registry { clients.registry(for: credential.kind) }
}

/// The machine's clock, put forward by hand. Sleeping is the machine's.
final class MovedClock: Sendable {
    private let offset = Mutex(0)

    var time: OutboundTime {
        let system = OutboundTime.system
        let moved = { @Sendable in self.offset.withLock { $0 } }
        return OutboundTime(
            now: { system.now() + .seconds(moved()) },
            date: { system.date().addingTimeInterval(Double(moved())) },
            // Deadlines are not what these tests are about, and a machine that builds something else is slow.
            sleep: { try await system.sleep($0 >= .seconds(5) ? $0 * 40 : $0) },
            chance: { 0 }
        )
    }

    func advance(seconds: Int) { offset.withLock { $0 += seconds } }
}

extension OpenedCredential {
    /// A credential for a stub.
    static func harbor(
        _ address: String,
        username: String = "robot$demo+reader",
        password: String = "Good-Secret-1",
        project: String = "demo",
        secrets: [(name: String, value: Secret)] = []
    ) -> OpenedCredential {
        OpenedCredential(
            id: UUID(),
            version: 1,
            kind: .harbor,
            publicFields: ["harborUrl": address, "harborProject": project, "username": username],
            secret: SecretBundle([("password", Secret(password))] + secrets)
        )
    }

    /// A credential for Docker Hub.
    static func dockerHub(
        _ username: String,
        _ token: String,
        namespace: String? = nil,
        repositories: [String] = []
    ) -> OpenedCredential {
        var fields = ["dockerhubUsername": username]
        fields["namespace"] = namespace
        if !repositories.isEmpty { fields["repositories"] = repositories.joined(separator: ",") }
        return OpenedCredential(
            id: UUID(),
            version: 1,
            kind: .dockerHub,
            publicFields: fields,
            secret: SecretBundle([("accessToken", Secret(token))])
        )
    }

    /// A credential for any other registry.
    static func oci(
        _ address: String,
        username: String = "reader",
        password: String = "Good-Secret-1",
        repositories: [String] = []
    ) -> OpenedCredential {
        var fields = ["registryUrl": address, "username": username]
        if !repositories.isEmpty { fields["repositories"] = repositories.joined(separator: ",") }
        return OpenedCredential(
            id: UUID(),
            version: 1,
            kind: .oci,
            publicFields: fields,
            secret: SecretBundle([("password", Secret(password))])
        )
    }
}

extension Verification {
    /// The outcome of a step.
    func outcome(_ name: StepName) -> Outcome? { steps.first { $0.name == name }?.outcome }

    /// The code of a step.
    func code(_ name: StepName) -> String? { steps.first { $0.name == name }?.code }

    /// What tells one result from another, without times.
    var fingerprint: String {
        let steps = steps.map { "\($0.name)=\($0.outcome) \($0.code ?? "")" }.joined(separator: " ")
        return
            "\(state) | \(steps) | held \(rights.held) missing \(rights.missing) excess \(rights.excess) | \(advice ?? "")"
    }
}

/// No two states look alike to whoever reads what a probe came to.
func expectDifferent<State>(_ states: [State], _ probe: (State) async throws -> Verification) async throws {
    var seen: [String: State] = [:]
    for state in states {
        let fingerprint = try await probe(state).fingerprint
        #expect(seen[fingerprint] == nil, "\(state) looks like \(String(describing: seen[fingerprint]))")
        seen[fingerprint] = state
    }
}
