import Advisories
import Foundation

/// Where the advisory database of this machine is.
struct AdvisoryFile {
    let path: String
    /// Whether somebody said so, by flag or environment.
    let isNamed: Bool

    static let variable = "PRATIQUE_ADVISORIES"

    init(named: String?, variables: [String: String]) throws {
        if let named = named ?? variables[AdvisoryFile.variable].flatMap({ $0.isEmpty ? nil : $0 }) {
            path = named
            isNamed = true
            return
        }
        // Source: XDG base directory specification, 0.8.
        let home = variables["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let data =
            variables["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { $0 + "/.local/share" }
        guard let data else {
            throw CommandFailure.usage(
                "there is no home directory to keep advisories in",
                hint: "Name the database with --advisories or \(AdvisoryFile.variable)"
            )
        }
        path = data + "/pratique/advisories.sqlite"
        isNamed = false
    }

    func open() throws -> AdvisoryDatabase {
        do {
            return try AdvisoryDatabase(path: path)
        } catch {
            throw CommandFailure(error.message, hint: "Make it with: pratique advisory import DIRECTORY|ARCHIVE|URL")
        }
    }

    /// Makes the folder that it is in, closed to others.
    func prepareFolder() throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure("the folder \(folder) cannot be made")
        }
    }
}
