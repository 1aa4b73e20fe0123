import Testing

@Suite struct ImportTests {
    @Test(arguments: SourceTree.sources)
    func importsPointUpTheListOnly(file: SourceFile) {
        #expect(ImportRules.violations(in: file) == [])
    }

    @Test func everyTargetStandsInTheTable() {
        let targets = Set(SourceTree.sources.map(\.target))
        #expect(targets.isSubset(of: ImportRules.ours.keys))
        #expect(targets.isSuperset(of: ["Sealing", "Tenancy", "Registries", "Storage", "Server", "pratique"]))
    }

    @Test(
        arguments: [
            ("import Storage", "Storage"), ("public import Storage", "Storage"), ("internal import Storage", "Storage"),
            ("@testable import Storage", "Storage"), ("@preconcurrency public import Storage", "Storage"),
            ("    import Storage", "Storage"), ("import struct Storage.Page", "Storage"),
            ("import Storage;", "Storage"),
            ("@_spi(Testing) public import func Storage.open", "Storage"), ("import\tStorage", "Storage"),
            ("important Storage", nil), ("let import1 = 2", nil), ("", nil), ("// import Storage", nil),
        ] as [(String, String?)]
    )
    func checkerReadsEveryFormOfImport(line: String, module: String?) {
        #expect(ImportRules.module(importedBy: line) == module)
    }

    // One import that is allowed, one of each kind that is not.
    @Test(arguments: [
        ("Storage", "import Sealing", 0), ("Sealing", "public import Storage", 1),
        ("Tenancy", "@testable import Sealing", 1),
        ("Registries", "import Tenancy", 1), ("Server", "import GRDB", 1), ("Storage", "import Hummingbird", 1),
        ("Sealing", "import NIOCore", 1), ("Storage", "import struct Server.Body", 1),
        ("Unheard", "import Foundation", 1),
        ("Sealing", "// import Storage", 0), ("Sealing", "let text = \"\"\"\nimport Storage\n\"\"\"", 0),
        ("Sealing", "import Foundation\nimport Storage\nimport GRDB", 2),
    ])
    func checkerFindsAnImportThatIsNotAllowed(target: String, text: String, violations: Int) {
        let file = SourceFile(path: "Sources/\(target)/Sample.swift", text: text)
        #expect(ImportRules.violations(in: file).count == violations)
    }
}
