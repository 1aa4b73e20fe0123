import Testing

@testable import pratique

@Suite struct OutputTests {
    @Test func columnsAreAlignedAndLastOneIsNotPadded() {
        let table = Table(header: ["ID", "NAME", "KIND"], rows: [["1", "long name", "oci"], ["22", "x", "harbor"]])
        #expect(table.rendered(styled: false) == "ID  NAME       KIND\n1   long name  oci\n22  x          harbor\n")
    }

    @Test func headerIsBoldOnlyOnATerminal() {
        let table = Table(header: ["ID"], rows: [["1"]])
        #expect(table.rendered(styled: true) == "\u{1B}[1mID\u{1B}[0m\n1\n")
    }

    @Test func emptyCellIsADashAndFieldWithoutValueIsLeftOut() {
        #expect(Table(header: ["A", "B"], rows: [["", "b"]]).rendered(styled: false) == "A  B\n-  b\n")
        let fields = Table(fields: [("Id", "1"), ("Description", nil), ("Name", "x")])
        #expect(fields.rendered(styled: false) == "Id    1\nName  x\n")
    }

    // A cell cannot leave its line, colour the screen, retitle the window, or turn the reading direction.
    @Test(arguments: [
        ("a\u{1B}[31mb", "a[31mb"), ("a\u{9B}31mb", "a31mb"), ("a\u{1B}]0;title\u{07}b", "a]0;titleb"),
        ("a\r\nb", "a b"), ("a\tb", "a b"), ("a\u{202E}b", "ab"), ("a\u{2066}b", "ab"), ("a\u{0}\u{8}\u{7F}b", "ab"),
        ("zażółć 日本 👩‍💻", "zażółć 日本 👩‍💻"),
    ])
    func controlCharactersFromTheServerAreStripped(raw: String, printed: String) {
        #expect(PrintableText.strip(raw) == printed)
        #expect(Table(header: ["A"], rows: [[raw]]).rendered(styled: false) == "A\n\(printed)\n")
    }

    @Test func jsonIsSortedAndLeavesSlashesAsTheyAre() throws {
        let text = try JSONText.pretty(JSONValue.object(["b": .string("https://x/y"), "a": .integer(1)]))
        #expect(text == "{\n  \"a\" : 1,\n  \"b\" : \"https://x/y\"\n}\n")
    }

    @Test func jsonEscapesWhatATerminalCouldObey() throws {
        let text = try JSONText.pretty(JSONValue.string("\u{1B}[31m \u{9B}31m \u{202E} é \u{E0041}"))
        #expect(text == "\"\\u001b[31m \\u009b31m \\u202e é \\udb40\\udc41\"\n")
    }

    @Test(arguments: [
        ([:], true, true), ([:], false, false), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
        (["TERM": "dumb"], true, false),
    ])
    func styleIsForTerminalsThatWantIt(variables: [String: String], terminal: Bool, styled: Bool) {
        #expect(Console(variables: variables, outputIsTerminal: terminal).isStyled == styled)
    }
}
