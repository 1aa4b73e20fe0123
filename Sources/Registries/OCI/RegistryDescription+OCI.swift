extension RegistryDescription {
    /// Any other registry that speaks the OCI distribution API, with a username and a password or token.
    public static let oci = RegistryDescription(
        kind: RegistryKind("oci"),
        title: "OCI registry",
        fields: [
            RegistryField("registryUrl", .url, summary: "Registry URL", example: "https://registry.example.com"),
            RegistryField("username", .text, summary: "Username", example: "ci-reader"),
            RegistryField("password", .secret, summary: "Password or token", example: "<password>"),
        ],
        nameField: "username",
        address: .field("registryUrl"),
        details: ("ociDetails", ["username"])
    )
}
