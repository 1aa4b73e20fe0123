import Testing

@testable import Advisories

/// The vectors beside the repository.
@Suite struct VersionSampleTests {
    @Test(arguments: [
        ("debian", DpkgOrder() as any VersionOrder), ("alpine", ApkOrder()), ("rpm", RpmOrder()),
        ("pypi", PEP440Order()), ("semver", SemVerOrder()), ("npm", SemVerOrder()), ("go", SemVerOrder()),
        ("maven", MavenOrder()), ("nuget", NuGetOrder()), ("rubygems", RubyGemsOrder()),
        ("packagist", PackagistOrder()),
    ])
    func everySampleComparesAsItsSourceSays(file: String, order: any VersionOrder) {
        for line in Samples.lines("versions/\(file).txt") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3 else { continue }
            #expect(order.sign(words[0], words[2]) == words[1], "\(line)")
            #expect(order.sign(words[2], words[0]) == turned(words[1]), "\(line), turned")
        }
    }
}

extension VersionOrder {
    /// `<`, `=` or `>`; `?` when either is refused.
    func sign(_ left: String, _ right: String) -> String {
        guard let order = compare(left, right) else { return "?" }
        return order < 0 ? "<" : order > 0 ? ">" : "="
    }
}

/// The sign seen from the other side.
func turned(_ sign: String) -> String { sign == "<" ? ">" : sign == ">" ? "<" : sign }
