import Foundation
import Testing

@testable import Server

/// What docs/ says and what the code does are the same. A rule without its line, or a line without its rule, fails.
@Suite struct DocumentationTests {
    @Test func configurationPageListsEverySettingAndNoOther() throws {
        let documented = try Page("docs/configuration.md").keys(under: "# Configuration")
        #expect(documented == Setting.all.map(\.key))
    }

    @Test func errorsPageListsEveryCodeAndNoOther() throws {
        let documented = try Page("docs/errors.md").keys(under: "# Errors")
        #expect(Set(documented) == Set(APIError.Code.allCases.map(\.rawValue)))
        #expect(documented.count == APIError.Code.allCases.count)
    }

    @Test func everySettingButTheSecretOneIsAFlagOfServe() throws {
        let options = try Page("Sources/pratique/Serve/SettingsOptions.swift").text
        for setting in Setting.all where !setting.isSecret {
            #expect(options.contains("\"\(setting.key)\""), "serve has no flag for \(setting.key)")
        }
        #expect(!options.contains("\"\(Setting.rootKey.key)\""), "a root key must not stand in the process list")
    }

    @Test func readmeBeginsWithTheTwoCommands() throws {
        let screen = try Page("README.md").text.split(separator: "\n", omittingEmptySubsequences: false).prefix(25)
        #expect(screen.contains { $0.contains("make demo") })
        #expect(screen.contains { $0.contains("make test") })
    }

    @Test func aPageWithoutItsRowsFails() {
        #expect(Page(text: "# Errors\n\nno table\n").keys(under: "# Errors").isEmpty)
        #expect(
            Page(text: "# Errors\n\n| code |\n|---|\n| `a` |\n\n## More\n\n| `b` |\n").keys(under: "# Errors") == ["a"]
        )
    }
}

/// A page of Markdown, read for the first column of its tables.
private struct Page {
    let text: String

    init(_ path: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    init(text: String) { self.text = text }

    /// The code words that begin the rows of the tables between `heading` and the next heading.
    func keys(under heading: String) -> [String] {
        var isInside = false
        return text.split(separator: "\n").compactMap { line in
            if line.hasPrefix("#") {
                isInside = line == heading
                return nil
            }
            guard isInside, line.hasPrefix("| `") else { return nil }
            return String(line.dropFirst(3).prefix { $0 != "`" })
        }
    }
}
