public import Foundation
public import Registries
import Sealing
import Synchronization

/// A registry whose probes come to what the test says, and which remembers what it was asked. It cannot be browsed.
public final class ScriptedRegistry: Registry {
    /// What a probe was given.
    public struct Probe: Sendable, Equatable {
        /// The credential.
        public let credential: UUID
        /// The version of its secret.
        public let version: Int64
        /// Its public fields.
        public let publicFields: [String: String]
        /// The first secret field as text.
        public let secret: String
        /// The token service that was pinned.
        public let pinnedRealm: String?
    }

    /// What a probe comes to.
    public typealias Script = @Sendable (Probe) async -> Verification

    private let state: Mutex<State>

    private struct State {
        var script: Script
        var probes: [Probe] = []
        var running = 0
        var mostAtOnce = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// A registry that follows `script`; without one, every credential is as it should be.
    public init(_ script: @escaping Script = { _ in .scripted(.verified) }) {
        state = Mutex(State(script: script))
    }

    /// Follows another script from now on.
    public func follow(_ script: @escaping Script) { state.withLock { $0.script = script } }

    /// Comes to `outcome` from now on.
    public func answer(_ outcome: Verification) { follow { _ in outcome } }

    /// The probes so far, in the order in which they began.
    public var probes: [Probe] { state.withLock { $0.probes } }

    /// How many probes ran at once, at most.
    public var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    /// Waits until `count` probes have begun in all.
    public func began(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if state.probes.count < count { state.waiting.append((count, continuation)) }
                return state.probes.count >= count
            }
            if isMet { continuation.resume() }
        }
    }

    /// See ``Registries/Registry/probe(_:)``.
    public func probe(_ credential: OpenedCredential) async -> Verification {
        let secret = credential.secret.fields.first?.value.withBytes { String(decoding: $0, as: UTF8.self) }
        let probe = Probe(
            credential: credential.id,
            version: credential.version,
            publicFields: credential.publicFields,
            secret: secret ?? "",
            pinnedRealm: credential.pinnedRealm
        )
        let (script, met) = state.withLock { state in
            state.probes.append(probe)
            state.running += 1
            state.mostAtOnce = max(state.mostAtOnce, state.running)
            let count = state.probes.count
            let met = state.waiting.filter { $0.count <= count }
            state.waiting.removeAll { $0.count <= count }
            return (state.script, met)
        }
        for waiter in met { waiter.continuation.resume() }
        defer { state.withLock { $0.running -= 1 } }
        return await script(probe)
    }

    /// Always fails.
    public func projects(_ credential: OpenedCredential, page: BrowsePage) async throws
        -> BrowseResult<RegistryProject>
    {
        throw ScriptedRegistry.notBrowsed
    }

    /// Always fails.
    public func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage> { throw ScriptedRegistry.notBrowsed }

    /// Always fails.
    public func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag> { throw ScriptedRegistry.notBrowsed }

    private static let notBrowsed = RegistryError(.unsupported, "the scripted registry cannot be browsed")
}

extension Verification {
    /// An outcome with all its steps; of a failure, the step of the credential or of the address failed.
    public static func scripted(
        _ state: State,
        code: RegistryError.Code? = nil,
        realm: String? = "https://auth.example.com",
        expiry: Expiry = Expiry(at: nil, source: .unknown),
        advice: String? = nil
    ) -> Verification {
        let failing: (name: StepName, code: RegistryError.Code)? =
            switch state {
            case .rejected: (.credential, code ?? .authenticationFailed)
            case .unreachable: (.address, code ?? .unreachable)
            case .insufficient: (.rights, code ?? .insufficientScope)
            case .verified, .excessive, .unverified: nil
            }
        return Verification(
            state: state,
            steps: StepName.allCases.map { name in
                guard let failing, failing.name == name else {
                    return Step(name: name, outcome: .passed, detail: "as it should be", durationInMilliseconds: 3)
                }
                return Step(name: name, outcome: .failed, detail: "not as it should be", code: failing.code.description)
            },
            rights: Rights(
                held: ["repository:pull"] + (state == .excessive ? ["repository:push"] : []),
                missing: state == .insufficient ? ["tag:list"] : [],
                excess: state == .excessive ? ["repository:push"] : []
            ),
            expiry: expiry,
            rateBudget: RateBudget(limit: 200, remaining: 190, windowInSeconds: 21_600),
            realm: realm,
            registryVersion: "Harbor v2.11.0",
            advice: advice,
            checkedAt: Date(timeIntervalSince1970: 0)
        )
    }
}
