import Foundation
import Sealing
import Testing

@testable import pratique

@Suite struct SecretSourceTests {
    // One line break at the end belongs to the file, everything else to the secret.
    @Test(arguments: [
        ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n", "secret"), ("secret\n\n", "secret\n"),
        (" secret ", " secret "), ("two\nlines\n", "two\nlines"), ("secret\r", "secret\r"),
    ])
    func oneTrailingLineBreakIsCut(raw: String, secret: String) throws {
        #expect(try SecretSource.clean(Array(raw.utf8), label: "password") == Secret(secret))
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func emptySecretIsRefused(raw: String) {
        #expect(throws: CommandFailure.self) { try SecretSource.clean(Array(raw.utf8), label: "password") }
    }

    @Test func secretMayHaveSixteenKibibytesAndNotOneMore() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/secret"
        let source = SecretSource.file(path)
        let most = String(repeating: "x", count: 16 * 1024)
        try Data((most + "\r\n").utf8).write(to: URL(fileURLWithPath: path))
        #expect(try source.read(label: "password", variables: [:]) == Secret(most))
        for tooMuch in [most + "x", most + "xyz\n"] {
            try Data(tooMuch.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: CommandFailure.self) { try source.read(label: "password", variables: [:]) }
        }
    }

    @Test func secretThatIsNotTextIsRefusedWithoutQuotingIt() throws {
        let raw = Array("hunter2".utf8) + [0xFF]
        let failure = try #require(throws: CommandFailure.self) { try SecretSource.clean(raw, label: "password") }
        #expect(!failure.wording.contains("hunter2"))
    }

    // File, then variable, then a prompt on a terminal, then standard input.
    @Test(
        arguments: [
            ("f", ["V": "x"], true, SecretSource.file("f")), ("-", ["V": "x"], true, .standardInput),
            (nil, ["V": "x"], true, .environment(name: "V")), (nil, ["V": ""], true, .prompt),
            (nil, [:], true, .prompt),
            (nil, [:], false, .standardInput),
        ] as [(String?, [String: String], Bool, SecretSource)]
    )
    func placesAreTriedInOrder(file: String?, variables: [String: String], terminal: Bool, source: SecretSource) {
        let chosen = SecretSource.choose(file: file, variable: "V", variables: variables, inputIsTerminal: terminal)
        #expect(chosen == source)
    }

    @Test(arguments: [
        ("ab\u{7F}c\n", "ac", PromptLine.Action.finished), ("é\u{7F}x\r", "x", .finished),
        ("ab\u{15}c\n", "c", .finished),
        ("ab\u{03}", "ab", .cancelled), ("\u{04}", "", .cancelled), ("ab\u{04}", "ab", .finished),
        ("\u{7F}\u{7F}a\n", "a", .finished),
    ])
    func promptKnowsTheKeysOfATerminal(typed: String, line: String, end: PromptLine.Action) {
        var prompt = PromptLine()
        var action = PromptLine.Action.more
        for byte in typed.utf8 { action = prompt.accept(byte) }
        #expect(action == end)
        #expect(String(decoding: prompt.bytes, as: UTF8.self) == line)
    }
}
