import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// Connections that are kept, by host, the one address that was checked, and trust.
///
/// The library below connects to the address that it is given for the name, and verifies the certificate for the name. It gets no
/// proxy, follows no redirect, keeps no cookie and unpacks nothing. The least recently used pools go first, once nothing uses them.
final class ConnectionPools: Sendable {
    struct Key: Hashable {
        let isSecure: Bool
        let host: String
        let address: IPAddress
        let trust: [UInt8]
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var usedAt = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// Pushed out while in use.
        var retired: [ObjectIdentifier: (client: HTTPClient, users: Int)] = [:]
        var uses = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let group: any EventLoopGroup
    private let limits: OutboundLimits

    init(group: any EventLoopGroup, limits: OutboundLimits) {
        self.group = group
        self.limits = limits
    }

    deinit { for client in takeAll() { client.shutdown { _ in } } }

    /// Lends the client of `key` to `body`.
    func withClient<Result>(
        _ key: Key,
        trust: TLSTrust?,
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = try lease(key, trust: trust)
        defer { giveBack(client, key) }
        return try await body(client)
    }

    /// Ends every connection.
    func stop() async {
        // It fails for one that was shut down already, and then there is nothing left to end.
        for client in takeAll() { try? await client.shutdown() }
    }

    private func takeAll() -> [HTTPClient] {
        state.withLock { state in
            state.isStopped = true
            defer { (state.entries, state.retired) = ([:], [:]) }
            return state.entries.values.map(\.client) + state.retired.values.map(\.client)
        }
    }

    private func lease(_ key: Key, trust: TLSTrust?) throws -> HTTPClient {
        let (client, unused) = try state.withLock { state -> (HTTPClient, HTTPClient?) in
            guard !state.isStopped else { throw RegistryError(.unreachable, "the service is stopping") }
            state.uses += 1
            var entry = state.entries[key] ?? Entry(client: makeClient(key, trust))
            entry.users += 1
            entry.usedAt = state.uses
            state.entries[key] = entry
            return (entry.client, state.entries.count > limits.pools ? removeOldest(&state) : nil)
        }
        unused?.shutdown { _ in }
        return client
    }

    private func removeOldest(_ state: inout State) -> HTTPClient? {
        guard let oldest = state.entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return nil }
        state.entries[oldest.key] = nil
        guard oldest.value.users > 0 else { return oldest.value.client }
        state.retired[ObjectIdentifier(oldest.value.client)] = (oldest.value.client, oldest.value.users)
        return nil
    }

    private func giveBack(_ client: HTTPClient, _ key: Key) {
        let unused = state.withLock { state -> HTTPClient? in
            if state.entries[key]?.client === client {
                state.entries[key]?.users -= 1
                return nil
            }
            guard var retired = state.retired[ObjectIdentifier(client)] else { return nil }
            retired.users -= 1
            state.retired[ObjectIdentifier(client)] = retired.users > 0 ? retired : nil
            return retired.users > 0 ? nil : client
        }
        unused?.shutdown { _ in }
    }

    private func makeClient(_ key: Key, _ trust: TLSTrust?) -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        trust?.apply(to: &tls)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connect)),
            connectionPool: .init(
                idleTimeout: .seconds(30),
                concurrentHTTP1ConnectionsPerHostSoftLimit: limits.requestsPerHost + limits.streamsPerHost
            ),
            proxy: nil,
            decompression: .disabled
        )
        // One try for each address, so that its error is known at once and the next address gets its turn.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [key.host: key.address.description]
        if key.isSecure, IPAddress(key.host) == nil {
            // Named for debugging, it is the one place between the handshake and the first request.
            configuration.http1_1ConnectionDebugInitializer = { CertificateName.check($0, is: key.host) }
        }
        return HTTPClient(eventLoopGroup: group, configuration: configuration)
    }
}
