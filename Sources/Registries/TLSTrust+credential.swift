import Sealing

extension TLSTrust {
    /// What a credential says of trust: its private CA and its client certificate; nil when it says nothing.
    init?(_ credential: OpenedCredential) throws(RegistryError) {
        func text(_ field: RegistryField) -> String? {
            credential.secret[field.name].map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
        }
        let (authority, certificate) = (text(.caCertificate), text(.clientCertificate))
        guard authority != nil || certificate != nil else { return nil }
        do {
            try self.init(
                caCertificatePEM: authority,
                clientCertificatePEM: certificate,
                clientKeyPEM: credential.secret[RegistryField.clientKey.name]
            )
        } catch {
            throw RegistryError(
                .tlsUntrusted,
                "\(error.field.rawValue) \(error.message)",
                hint: "Rotate the credential with whole PEM texts."
            )
        }
    }
}

extension OpenedCredential {
    /// The origin of its registry. Throws ``RegistryError/Code/addressForbidden`` for an address that is none any more.
    func origin() throws(RegistryError) -> OutboundOrigin {
        do {
            return try OutboundOrigin(kind.registry.url(of: publicFields))
        } catch {
            throw RegistryError(.addressForbidden, "the registry's address \(error.message)")
        }
    }

    /// Username and secret of its login. Throws when the kind's secret is missing, which a stored credential's never is.
    func login() throws(RegistryError) -> RegistryLogin {
        let required = kind.registry.secretFields.filter(\.isRequired)
        guard let field = required.first, let password = secret[field.name] else {
            throw RegistryError(.authenticationFailed, "the credential has no secret")
        }
        return RegistryLogin(self, username: publicFields[kind.registry.usernameField] ?? "", password: password)
    }

    /// The repositories that the user named on it.
    var repositories: [String] { RepositoryNames(stored: publicFields["repositories"]).names }
}
