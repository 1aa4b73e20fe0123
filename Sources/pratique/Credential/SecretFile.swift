import Foundation

/// The places for a registry's secret, the same for every command that sends one.
enum SecretFile {
    /// Said in the help of each command that needs a secret.
    static let explanation = """
        The secret is never an argument, because other users of this machine could read it there. It comes from the \
        file, from the variable PRATIQUE_SECRET, from a prompt that shows nothing, or from standard input. One line \
        break at its end is cut.
        """

    static func source(_ file: String?) -> SecretSource {
        SecretSource.choose(
            file: file,
            variable: "PRATIQUE_SECRET",
            variables: ClientSettings.processVariables,
            inputIsTerminal: isatty(STDIN_FILENO) == 1
        )
    }
}
