import Testing

@Suite struct StyleTests {
    @Test(arguments: SourceTree.sources)
    func fileKeepsTheHouseRules(file: SourceFile) {
        #expect(StyleRules.violations(in: file) == [])
    }

    /// An empty tree would pass every check.
    @Test func sourcesAreFound() {
        #expect(SourceTree.sources.count > 40)
        #expect(SourceTree.sources.contains { $0.path == "Sources/Sealing/Secret.swift" && $0.lines.count > 50 })
    }

    // (path, text, number of findings)
    @Test(arguments: [
        ("Sources/Sealing/Good.swift", "struct Good {}\n", 0),
        ("Sources/Sealing/Bad.swift", "let x = try! f()", 1),
        ("Sources/Sealing/Bad.swift", "let x = y as! Int", 1),
        ("Sources/Sealing/Bad.swift", "fatalError(\"no\")", 1),
        ("Sources/Server/Bad.swift", "    print(secret)", 1),
        ("Sources/Server/Bad.swift", "Swift.print(secret)", 1),
        ("Sources/pratique/Good.swift", "print(table)", 0),
        ("Sources/pratique/Bad.swift", "try! run()", 1),
        ("Sources/Sealing/Good.swift", "// never try! nor fatalError(", 0),
        ("Sources/Sealing/Good.swift", "let text = \"print( and try! and \\\" as! \" // as!", 0),
        ("Sources/Sealing/Bad.swift", "let text = \"//\"; let x = try! f()", 1),
        ("Sources/Sealing/Good.swift", "blueprint(x); sprint(y)", 0),
        ("Sources/Sealing/Good.swift", "let text = \"\"\"\n    print( fatalError(\n    \"\"\"", 0),
        ("Sources/Sealing/Helper.swift", "", 1),
        ("Sources/Sealing/Sealing+Utils.swift", "", 1),
        ("Sources/Common/Secret.swift", "", 1),
        ("Sources/Sealing/Bad.swift", "public final class KeyManager: Sendable {", 1),
        ("Sources/Sealing/Bad.swift", "private enum Shared {}", 1),
        ("Sources/Sealing/Good.swift", "struct Score {}", 0),
        ("Sources/Sealing/Good.swift", String(repeating: "\n", count: 350), 0),
        ("Sources/Sealing/Bad.swift", String(repeating: "\n", count: 351), 1),
    ])
    func checkerFindsWhatTheHouseForbids(path: String, text: String, findings: Int) {
        #expect(StyleRules.violations(in: SourceFile(path: path, text: text)).count == findings)
    }
}
