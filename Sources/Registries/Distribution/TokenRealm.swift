/// Decides whether a token service that a registry names may be asked. Nothing has been sent to it by then.
///
/// Source: go-containerregistry, pkg/v1/remote/transport, for the rules; `docs/threat-model.md` for why.
enum TokenRealm {
    /// The URL of the service. Throws ``RegistryError``: `address-forbidden` for one without TLS or at a literal address that is
    /// not public, unless it is the registry itself; `realm-changed` for another than `pinned`; `registry-misbehaved` for no URL.
    static func checked(
        _ realm: String?,
        registry: OutboundOrigin,
        pinned: String?
    ) throws(RegistryError) -> OutboundURL {
        // The address is foreign and not repeated, and the reason would quote it.
        guard let realm, let url = try? OutboundURL(realm) else {
            throw .misbehaved(registry, "names no valid token service")
        }
        guard url.origin.isSecure || !registry.isSecure else {
            throw RegistryError(
                .addressForbidden,
                "\(registry.authority) names a token service without TLS",
                hint: "On Harbor, external_url must begin with https://.",
                upstream: .init(registry: registry.authority)
            )
        }
        if let address = IPAddress(url.origin.host), address.reach != .global, url.origin != registry {
            throw RegistryError(
                .addressForbidden,
                "\(registry.authority) names a token service at an address that is not public",
                hint: "A token service inside must be named by its host name.",
                upstream: .init(registry: registry.authority)
            )
        }
        try check(url, registry: registry, pinned: pinned)
        return url
    }

    /// Throws ``RegistryError`` when the service is another than `pinned`.
    static func check(_ url: OutboundURL, registry: OutboundOrigin, pinned: String?) throws(RegistryError) {
        guard pinned == nil || pinned == url.origin.description else {
            throw RegistryError(
                .realmChanged,
                "\(registry.authority) names another token service than when the credential was verified",
                hint: "If the registry moved, approve the new token service; nothing was sent to it.",
                upstream: .init(registry: registry.authority)
            )
        }
    }
}
