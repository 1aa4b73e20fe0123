extension RegistryDescription {
    /// Docker Hub with a personal access token of a user, or an organization access token with the organization's name as
    /// username. Source: Docker documentation, "Access tokens".
    public static let dockerHub = RegistryDescription(
        kind: RegistryKind("dockerhub"),
        title: "Docker Hub",
        fields: [
            RegistryField(
                "dockerhubUsername",
                .text,
                summary: "Docker Hub username or organization",
                example: "myusername"
            ),
            RegistryField(
                "accessToken",
                .secret,
                summary: "Docker Hub personal or organization access token",
                example: "<access token>"
            ),
            RegistryField(
                "namespace",
                .text,
                isRequired: false,
                summary: "User or organization whose repositories are listed; the dockerhubUsername when it is missing",
                example: "my-organization"
            ),
            RegistryField(
                "repositories",
                .repositories(RepositoryNames.Rule(hosts: dockerHubHosts, defaultNamespace: "library")),
                isRequired: false,
                summary: """
                    Repositories to prove the credential with and to list beside the namespace's: private ones, where Docker \
                    Hub lists none of them
                    """,
                example: "my-organization/private-app"
            ),
        ],
        nameField: "dockerhubUsername",
        address: .fixed("https://index.docker.io/v1/"),
        details: ("dockerhubDetails", ["dockerhubUsername"]),
        browse: .dockerHub
    )

    /// Hosts that mean Docker Hub in a reference or in a pasted address. Source: distribution/reference, normalize.go.
    private static let dockerHubHosts: Set<String> = [
        "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com",
    ]
}

extension BrowseDialect {
    fileprivate static let dockerHub: BrowseDialect = {
        var dialect = BrowseDialect()
        dialect.credentialIsInPath = false
        dialect.repositoryParameter = "repositoryName"
        dialect.project = Project(
            field: "dockerhubUsername",
            parameter: "namespace",
            title: "Docker Hub namespace",
            isListed: false,
            isInImageNames: true
        )
        return dialect
    }()
}
