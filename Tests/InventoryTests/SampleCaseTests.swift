import Foundation
import Inventory
import Testing

/// The samples whose lists come from other tools, from `rpm -qa` and from the tests of other scanners.
@Suite struct SampleCaseTests {
    struct Expected: Decodable {
        let name: String
        let version: String
        let type: String
        let source: String?
        let sourceVersion: String?
        let arch: String?
        let license: String?
    }

    /// Cases whose source leaves out what is there as well: Go's main module and standard library.
    private static let openEnded: Set<String> = ["gobinary-gdp-elf"]

    static let names = [
        "apk-scalibr-installed", "dpkg-scalibr-statusfield", "dpkg-ubuntu1804-fanal", "python-gdp-simple-whl",
        "python-scalibr-pkginfo", "npm-lock-gdp-v2", "gemspec-gdp", "composer-installed-v2", "dotnet-deps-gdp",
        "gobinary-gdp-elf", "rustbinary-gdp-elf", "java-gdp-nested", "java-scalibr-complex",
        "rpm-bdb-libuuid", "rpm-ndb-sle15",
    ]

    @Test(arguments: names) func sampleGivesWhatItsSourceStates(name: String) throws {
        guard let folder = SampleData.inventory?.appending(path: name) else {
            return Test.note("no samples beside this repository: \(name) was not read")
        }
        var image = ImageFiles()
        for (path, bytes) in try SampleData.files(below: folder.appending(path: "input")) {
            image.add(path, bytes, mode: path.hasSuffix(".elf") ? 0o755 : 0o644)
        }
        let inventory = image.inventory
        let expected = try JSONDecoder().decode(
            [Expected].self,
            from: Data(contentsOf: folder.appending(path: "expected.json"))
        )
        let missing = Set(expected.map(line)).subtracting(inventory.lines)
        #expect(missing.isEmpty)
        let invented = Set(inventory.lines).subtracting(expected.map(line))
        #expect(SampleCaseTests.openEnded.contains(name) || invented.isEmpty, "\(invented)")
        for wanted in expected {
            let found = inventory.packages.filter { "\($0.fullName) \($0.version)" == line(wanted) }
            #expect(found.contains { agrees($0, with: wanted) }, "\(wanted) is \(found)")
        }
    }

    private func line(_ expected: Expected) -> String { "\(expected.name) \(expected.version)" }

    private func agrees(_ package: Package, with expected: Expected) -> Bool {
        package.kind.rawValue == expected.type
            && (expected.arch.map { $0 == package.architecture } ?? true)
            && (expected.source.map { $0 == package.source?.name } ?? true)
            && (expected.sourceVersion.map { $0 == package.source?.version } ?? true)
            && (expected.license.map { [$0] == package.licenses } ?? true)
    }
}

extension Test {
    /// Says why a test had nothing to look at.
    static func note(_ reason: String) {
        FileHandle.standardError.write(Data("note: \(reason)\n".utf8))
    }
}
