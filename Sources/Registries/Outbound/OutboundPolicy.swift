/// Where the process may connect to. Configuration of the operator, never of a user.
public struct OutboundPolicy: Sendable, Hashable {
    /// Hosts (`host` or `host:port`, lower-case) that may be spoken to without TLS.
    public var plainHTTPHosts: Set<String>
    /// Hosts (`host` or `host:port`, lower-case) that may be at loopback and private addresses whatever the rule says: a mirror, a
    /// test. Link-local, metadata and multicast addresses stay forbidden to them.
    public var privateHosts: Set<String>
    /// Whether private ranges are allowed. True, since registries are often inside.
    public var allowsPrivateAddresses: Bool

    /// A policy.
    public init(
        plainHTTPHosts: Set<String> = [],
        privateHosts: Set<String> = [],
        allowsPrivateAddresses: Bool = true
    ) {
        self.plainHTTPHosts = plainHTTPHosts
        self.privateHosts = privateHosts
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// Whether `origin` may be spoken to by its scheme.
    func allowsScheme(of origin: OutboundOrigin) -> Bool {
        origin.isSecure || OutboundPolicy.names(origin, in: plainHTTPHosts)
    }

    /// Whether a connection to `address` may be made for `origin`.
    func allows(_ address: IPAddress, for origin: OutboundOrigin) -> Bool {
        switch address.reach {
        case .global: true
        case .local: allowsPrivateAddresses || OutboundPolicy.names(origin, in: privateHosts)
        case .loopback: OutboundPolicy.names(origin, in: privateHosts)
        case .never: false
        }
    }

    private static func names(_ origin: OutboundOrigin, in hosts: Set<String>) -> Bool {
        hosts.contains(origin.host) || hosts.contains("\(origin.host):\(origin.port)")
    }
}

/// Bounds on what the outbound client holds at once.
public struct OutboundLimits: Sendable, Hashable {
    /// Requests with whole answers at once to one host and port.
    public var requestsPerHost: Int
    /// Streamed bodies at once from one host and port; they have a window of their own, so that a stream's consumer may ask the
    /// same host for something.
    public var streamsPerHost: Int
    /// Connecting, TLS included, for each address that is tried.
    public var connect: Duration
    /// Resolving a name.
    public var resolve: Duration
    /// How long a resolved name is believed.
    public var resolvedNameLifetime: Duration
    /// Pools of connections (one per host, address and trust) that are kept.
    public var pools: Int
    /// How often a read is sent again after a transport fault.
    public var retries: Int
    /// A pause that a host asks for is waited out up to this length; for a longer one requests fail at once.
    public var patience: Duration
    /// No host is left alone for longer than this, whatever it asks for.
    public var longestPause: Duration

    /// The defaults: 8, 8, 5 s, 5 s, 30 s, 128, 2, 2 s, 5 min.
    public init() {
        requestsPerHost = 8
        streamsPerHost = 8
        connect = .seconds(5)
        resolve = .seconds(5)
        resolvedNameLifetime = .seconds(30)
        pools = 128
        retries = 2
        patience = .seconds(2)
        longestPause = .seconds(300)
    }
}
