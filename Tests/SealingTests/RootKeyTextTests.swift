import Sealing
import Testing

/// Keys in a setting: one a line or between commas, the active first, comments after `#`.
@Suite struct RootKeyTextTests {
    private let one: RootKey
    private let two: RootKey

    init() throws {
        one = try .random()
        two = try .random()
    }

    private func text(_ key: RootKey) -> String {
        key.withText { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    private func ids(_ text: String) throws -> [RootKeyID] {
        try RootKeyText(Secret(text), setting: "PRATIQUE_ROOT_KEY").load().map(\.id)
    }

    @Test func keysComeInOrderBetweenCommentsAndBlankLines() throws {
        let text = "# made in May\n\n\(text(one)) # active\r\n\t\n  \(text(two))\n# the end"
        #expect(try ids(text) == [one.id, two.id])
    }

    @Test func commaSeparatesKeysAsALineBreakDoes() throws {
        #expect(try ids("\(text(one)),\(text(two))") == [one.id, two.id])
        #expect(try ids(" \(text(one)) , \(text(two)),") == [one.id, two.id])
    }

    @Test func commaInACommentIsPartOfTheComment() throws {
        #expect(try ids("# rotated in May, by the platform team\n\(text(one)) # active, since June") == [one.id])
    }

    @Test(arguments: ["", "\n\n", "# nothing here", " , ,", "#"])
    func textWithoutAKeyIsRefusedWithTheSettingsName(text: String) throws {
        let error = try #require(throws: SealingError.self) { try ids(text) }
        #expect(error.code == .invalidRootKey)
        #expect(error.message.hasPrefix("PRATIQUE_ROOT_KEY: "))
    }

    @Test func oneBadKeySpoilsTheWholeText() throws {
        let error = try #require(throws: SealingError.self) { try ids("\(text(one))\nsecond key") }
        #expect(error.code == .invalidRootKey)
        #expect(error.message.hasPrefix("PRATIQUE_ROOT_KEY: "))
        #expect(!error.message.contains("second"))
    }
}
