import Synchronization

/// The addresses of hosts, resolved by us, checked against policy, and believed for a short while.
///
/// The check and the connection use the same list, so a name that points elsewhere a moment later changes nothing.
final class ResolvedHosts: Sendable {
    private struct Entry {
        var addresses: [IPAddress]
        var resolvedAt: Duration
    }

    private let resolver: HostResolver
    private let policy: OutboundPolicy
    private let limits: OutboundLimits
    private let time: OutboundTime
    private let entries = Mutex<[String: Entry]>([:])
    private let lookUps = SingleFlight<String, [IPAddress]>()

    /// Names beyond it push out the oldest.
    private static let capacity = 1_024
    /// More addresses than this are not tried: the deadline would be over.
    private static let mostAddresses = 4

    init(resolver: HostResolver, policy: OutboundPolicy, limits: OutboundLimits, time: OutboundTime) {
        self.resolver = resolver
        self.policy = policy
        self.limits = limits
        self.time = time
    }

    /// The addresses to try for `origin`, in order. Throws ``RegistryError/Code/addressForbidden`` when any address of the name is
    /// forbidden: a name with a good and a bad address is an attempt, or soon wrong.
    func addresses(of origin: OutboundOrigin) async throws -> [IPAddress] {
        let addresses: [IPAddress]
        if let literal = IPAddress(origin.host) {
            addresses = [literal]
        } else {
            addresses = try await resolve(origin.host)
        }
        guard !addresses.isEmpty else {
            throw RegistryError(.unreachable, "the host \(origin.host) has no address")
        }
        guard addresses.allSatisfy({ policy.allows($0, for: origin) }) else {
            throw RegistryError(
                .addressForbidden,
                "the host \(origin.host) is at an address that this service must not connect to",
                hint: "The operator can allow a host at a private or loopback address in the setting private-hosts.",
                upstream: .init(registry: origin.authority)
            )
        }
        return Array(addresses.prefix(ResolvedHosts.mostAddresses))
    }

    /// Puts the address that worked in front.
    func prefer(_ address: IPAddress, for host: String) {
        entries.withLock { entries in
            guard var entry = entries[host], let index = entry.addresses.firstIndex(of: address), index > 0 else {
                return
            }
            entry.addresses.remove(at: index)
            entry.addresses.insert(address, at: 0)
            entries[host] = entry
        }
    }

    func stop() async { await resolver.stop() }

    private func resolve(_ host: String) async throws -> [IPAddress] {
        if let known = known(host) { return known }
        return try await time.within(
            limits.resolve,
            orThrow: RegistryError(.timeout, "the name \(host) was not resolved in time")
        ) {
            try await self.lookUps.value(host) {
                // Whoever looked before an answer was kept may join after its flight has ended.
                if let known = self.known(host) { return known }
                let now = self.time.now()
                let addresses = try await self.resolver.addresses(host)
                self.keep(Entry(addresses: addresses, resolvedAt: now), of: host)
                return addresses
            }
        }
    }

    private func known(_ host: String) -> [IPAddress]? {
        guard let entry = entries.withLock({ $0[host] }), time.now() - entry.resolvedAt < limits.resolvedNameLifetime
        else { return nil }
        return entry.addresses
    }

    private func keep(_ entry: Entry, of host: String) {
        entries.withLock { entries in
            entries[host] = entry
            if entries.count > ResolvedHosts.capacity,
                let oldest = entries.min(by: { $0.value.resolvedAt < $1.value.resolvedAt })
            {
                entries[oldest.key] = nil
            }
        }
    }
}
