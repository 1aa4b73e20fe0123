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
        ],
        nameField: "dockerhubUsername",
        address: .fixed("https://index.docker.io/v1/"),
        details: ("dockerhubDetails", ["dockerhubUsername"]),
        browse: .dockerHub
    )
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
