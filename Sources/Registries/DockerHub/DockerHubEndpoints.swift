/// The three hosts of Docker Hub. Other ones are an operator's mirror, or a test.
public struct DockerHubEndpoints: Sendable, Hashable {
    /// The API: `https://hub.docker.com`.
    public var hub: OutboundOrigin
    /// The registry's token service: `https://auth.docker.io`.
    public var auth: OutboundOrigin
    /// The registry: `https://registry-1.docker.io`.
    public var registry: OutboundOrigin

    /// Docker's own hosts.
    public static let standard = DockerHubEndpoints(
        hub: OutboundOrigin(isSecure: true, host: "hub.docker.com", port: 443),
        auth: OutboundOrigin(isSecure: true, host: "auth.docker.io", port: 443),
        registry: OutboundOrigin(isSecure: true, host: "registry-1.docker.io", port: 443)
    )

    /// Hosts at these origins.
    public init(hub: OutboundOrigin, auth: OutboundOrigin, registry: OutboundOrigin) {
        self.hub = hub
        self.auth = auth
        self.registry = registry
    }
}
