/// What Pratique does with registries, by kind. One for the process: it holds the tokens and lists that are kept.
public final class RegistryClients: Sendable {
    /// The way out, shared with everything else that leaves the process.
    public let outbound: OutboundClient
    /// Tokens, and how registries want to be spoken to.
    public let tokens: TokenCache
    /// Lists as they were a moment ago.
    public let cache: BrowseCache
    /// Docker Hub's hosts.
    public let dockerHub: DockerHubEndpoints
    private let hubTokens: DockerHubTokens

    /// Clients that go out through `outbound`.
    public init(
        outbound: OutboundClient,
        tokens: TokenCache = TokenCache(),
        cache: BrowseCache = BrowseCache(),
        dockerHub: DockerHubEndpoints = .standard
    ) {
        self.outbound = outbound
        self.tokens = tokens
        self.cache = cache
        self.dockerHub = dockerHub
        hubTokens = DockerHubTokens(outbound: outbound, hub: dockerHub.hub)
    }

    /// The registry of a kind.
    public func registry(for kind: RegistryKind) -> any Registry {
        switch kind {
        case .harbor: HarborRegistry(outbound: outbound, tokens: tokens, cache: cache)
        case .dockerHub:
            DockerHubRegistry(
                outbound: outbound,
                tokens: tokens,
                cache: cache,
                endpoints: dockerHub,
                hubTokens: hubTokens
            )
        default: OCIRegistry(outbound: outbound, tokens: tokens, cache: cache)
        }
    }

    /// Docker Hub's public search, which needs no credential.
    public var dockerHubSearch: DockerHubSearch {
        DockerHubSearch(outbound: outbound, endpoints: dockerHub, cache: cache)
    }

    /// The registry that images of a credential are pulled from, as its login. Throws ``RegistryError``.
    public func distribution(for credential: OpenedCredential) throws(RegistryError) -> DistributionClient {
        guard credential.kind == .dockerHub else {
            return DistributionClient(
                outbound: outbound,
                tokens: tokens,
                origin: try credential.origin(),
                login: try credential.login(),
                trust: try TLSTrust(credential)
            )
        }
        return try DockerHubAPI(credential, outbound: outbound, endpoints: dockerHub, tokens: hubTokens)
            .distribution(tokens)
    }
}

extension RegistryKind {
    /// Harbor.
    public static var harbor: RegistryKind { RegistryDescription.harbor.kind }
    /// Docker Hub.
    public static var dockerHub: RegistryKind { RegistryDescription.dockerHub.kind }
    /// Any other registry that speaks the OCI distribution API.
    public static var oci: RegistryKind { RegistryDescription.oci.kind }
}
