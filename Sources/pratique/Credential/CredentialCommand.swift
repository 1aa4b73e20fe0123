import ArgumentParser

/// `pratique credential`: the group.
struct CredentialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential",
        abstract: "Store, prove, replace and link registry credentials.",
        discussion: """
            A credential belongs to an organization and is linked to the projects that may use it. Its secret goes in \
            and never comes out.

            EXAMPLES
                $ pratique credential add harbor --help
                $ pratique credential list
                $ pratique credential verify harbor-ci
            """,
        subcommands: [
            CredentialAdd.self, CredentialList.self, CredentialShow.self, CredentialVerify.self, CredentialHealth.self,
            CredentialRotate.self,
            CredentialRemove.self, CredentialLink.self, CredentialUnlink.self,
        ]
    )
}
