import Registries

extension OutboundPolicy {
    /// What the operator allows.
    init(_ settings: ServerSettings) {
        self.init(
            plainHTTPHosts: settings.plainHTTPHosts,
            privateHosts: settings.privateHosts,
            allowsPrivateAddresses: settings.allowsPrivateAddresses
        )
    }
}

extension RegistryClients {
    /// The clients of every kind, for the hosts that the operator names.
    convenience init(_ settings: ServerSettings, outbound: OutboundClient) {
        self.init(
            outbound: outbound,
            dockerHub: DockerHubEndpoints(
                hub: OutboundOrigin(settings.dockerHub.api),
                auth: OutboundOrigin(settings.dockerHub.token),
                registry: OutboundOrigin(settings.dockerHub.registry)
            )
        )
    }
}
