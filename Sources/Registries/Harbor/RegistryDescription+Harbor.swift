extension RegistryDescription {
    /// Harbor 2.x with a robot account (recommended) or a user. The username is never required to begin with `robot$`: the
    /// prefix is a setting of the server. Source: Harbor documentation, "Create robot accounts".
    public static let harbor = RegistryDescription(
        kind: RegistryKind("harbor"),
        title: "Harbor",
        fields: [
            RegistryField(
                "harborUrl",
                .url,
                summary: "Harbor server URL",
                example: "https://harbor.example.com"
            ),
            RegistryField("harborProject", .text, summary: "Harbor project name", example: "my-project"),
            RegistryField(
                "username",
                .text,
                summary: """
                    Robot account username. Required permissions: List/Read Artifact, List Label, Read Project, \
                    List/Pull/Read Repository, List Tag
                    """,
                example: "robot$my-project+deploy"
            ),
            RegistryField(
                "password",
                .secret,
                summary: "Robot account secret, or the whole file that Harbor exports when it makes a robot",
                example: "<robot secret>"
            ),
            .caCertificate, .clientCertificate, .clientKey,
        ],
        nameField: "username",
        address: .field("harborUrl"),
        details: ("harborDetails", ["harborProject"]),
        browse: .harbor,
        interpret: { HarborRobotExport.interpret(&$0) }
    )
}

extension BrowseDialect {
    fileprivate static let harbor: BrowseDialect = {
        var dialect = BrowseDialect()
        dialect.project = Project(
            field: "harborProject",
            parameter: "harborProject",
            title: "Harbor project",
            isListed: true,
            isInImageNames: false
        )
        dialect.tellsEveryMember = true
        return dialect
    }()
}
