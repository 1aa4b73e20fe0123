extension RegistryDescription {
    /// Any other registry that speaks the OCI distribution API, with a username and a password or token.
    public static let oci = RegistryDescription(
        kind: RegistryKind("oci"),
        title: "OCI registry",
        fields: [
            RegistryField("registryUrl", .url, summary: "Registry URL", example: "https://registry.example.com"),
            RegistryField("username", .text, summary: "Username", example: "ci-reader"),
            RegistryField("password", .secret, summary: "Password or token", example: "<password>"),
            RegistryField(
                "repositories",
                .repositories(RepositoryNames.Rule()),
                isRequired: false,
                summary: "Repositories to prove the credential with and to list, where the registry has no catalogue",
                example: "team/app,team/worker"
            ),
            .caCertificate, .clientCertificate, .clientKey,
        ],
        nameField: "username",
        address: .field("registryUrl"),
        details: ("ociDetails", ["username"])
    )
}
