import Advisories
import ArgumentParser
import Foundation
import Scanning

/// Which advisory database `inspect` holds the packages against.
struct AdvisoryChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The advisory database; else PRATIQUE_ADVISORIES, else where `pratique advisory import` keeps it.",
            valueName: "file"
        ),
        completion: .file()
    )
    var advisories: String?

    @Flag(help: "List what is installed and look for no flaws.")
    var noAdvisories = false

    func validate() throws {
        if noAdvisories, advisories != nil {
            throw ValidationError("--advisories and --no-advisories exclude each other")
        }
    }

    /// Opens the database. One that was named must be there; without the usual one, nothing is known of any flaw.
    func matcher(variables: [String: String]) throws -> FindingMatcher {
        if noAdvisories { return FindingMatcher(nil) }
        let file = try AdvisoryFile(named: advisories, variables: variables)
        guard file.isNamed || FileManager.default.fileExists(atPath: file.path) else { return FindingMatcher(nil) }
        return FindingMatcher(try file.open())
    }
}
