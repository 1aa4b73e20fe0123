import Foundation
import Inventory
import Storage
import Tenancy
import TestSupport
import Testing

/// Packages are found by their names, and by package URLs in the spelling of each kind. Source: purl-spec, the definitions of the types.
struct PackageSearchTests {
    private static let packages: [(kind: Package.Kind, name: String)] = [
        (.pypi, "Typing_Extensions"), (.pypi, "typing-inspect"), (.deb, "LibFoo_bar"), (.npm, "@scope/Foo_Bar"),
        (.npm, "foo-bar"),
        (.golang, "github.com/Foo/Bar"), (.maven, "org.Foo:bar_baz"), (.nuget, "Foo_Bar"), (.cargo, "foo_bar"),
    ]

    // (query, names of what is found)
    @Test(
        arguments: [
            ("pkg:pypi/typing-extensions", ["Typing_Extensions"]),
            ("pkg:pypi/Typing_Extensions", ["Typing_Extensions"]),
            ("pkg:pypi/typing.extensions", []), ("pkg:deb/debian/libfoo_bar", ["LibFoo_bar"]),
            ("pkg:deb/debian/libfoo-bar", []), ("pkg:npm/%40scope/Foo_Bar", ["@scope/Foo_Bar"]),
            ("pkg:npm/foo-bar", ["foo-bar"]),
            ("pkg:npm/foo_bar", []), ("pkg:golang/github.com/foo/bar", ["github.com/Foo/Bar"]),
            ("pkg:maven/org.Foo/bar_baz", ["org.Foo:bar_baz"]), ("pkg:maven/org.foo/bar_baz", []),
            ("pkg:nuget/Foo_Bar", ["Foo_Bar"]), ("pkg:cargo/foo_bar", ["foo_bar"]), ("pkg:cargo/foo-bar", []),
            // A name without a kind is meant as it stands.
            ("Foo_Bar", ["Foo_Bar"]), ("foo_bar", ["foo_bar"]), ("FOO_BAR", []), ("typing-extensions", []), ("", []),
        ] as [(String, [String])]
    )
    func packageIsFoundInTheSpellingOfItsKind(text: String, expected: [String]) async throws {
        let query =
            text.hasPrefix("pkg:") ? try #require(PackageQuery(try PackageURL(text))) : PackageQuery(name: text)
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            for project in [world.home.projects[0], world.away.projects[0]] {
                var outcome = try ScanOutcome.sample([])
                outcome.packages = Self.packages.map { kind, name in
                    NewPackage(kind: kind, name: name, version: "1", purl: "", licenses: [], path: nil, layer: 0)
                }
                _ = try ScanStore(session).enqueue(.sample(world, project: project), at: .sample)
                let claim = try #require(try ScanQueue(session).claim(until: .sample + 30, now: .sample))
                _ = try ScanQueue(session).finish(claim, outcome, at: .sample)
            }
            let found = try ImageStore(session).holding(query, in: world.home.organization.id, page: .first)
            #expect(found.items.map(\.packageName) == expected && found.total == expected.count)
        }
    }
}
