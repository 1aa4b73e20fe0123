import ArgumentParser

/// `pratique logout`.
struct Logout: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the stored server and key.",
        discussion: """
            The key goes on working for whoever has it; `pratique key revoke` ends it.

            EXAMPLES
                $ pratique logout

              Revoke the key as well:
                $ pratique key revoke laptop && pratique logout
            """
    )

    func run() throws {
        let file = try ProfileFile(variables: ClientSettings.processVariables)
        let console = Console.standard
        try console.note(file.remove() ? "removed \(file.path)" : "there was no stored profile")
    }
}
