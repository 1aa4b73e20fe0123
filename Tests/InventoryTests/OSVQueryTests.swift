import Inventory
import Testing

@Suite struct OSVQueryTests {
    private static let bookworm = Release(id: "debian", version: "12", prettyName: "")
    private static let alma = Release(id: "almalinux", version: "9.4", prettyName: "")
    private static let rocky = Release(id: "rocky", version: "9.4", prettyName: "")

    private func package(
        _ kind: Package.Kind,
        _ namespace: String?,
        _ name: String,
        _ version: String,
        source: Package.Source? = nil
    ) -> Package {
        Package(kind: kind, namespace: namespace, name: name, version: version, source: source, locations: [])
    }

    @Test func debianAsksForTheSourceAndItsVersion() {
        let source = Package.Source(name: "util-linux", version: "2.38.1-5")
        let asked = package(.deb, "debian", "bsdutils", "1:2.38.1-5+b1", source: source)
            .osvQueries(in: OSVQueryTests.bookworm)
        #expect(asked == [OSVQuery(ecosystem: "Debian:12", name: "util-linux", version: "2.38.1-5")])
    }

    // AlmaLinux's records have binary names, Rocky's have source names; both are asked, the likely one first.
    @Test func rpmAsksForBinaryAndSource() {
        let source = Package.Source(name: "openssl", version: "1:3.0.7-27.el9")
        let libs = package(.rpm, "almalinux", "openssl-libs", "1:3.0.7-27.el9", source: source)
        #expect(libs.osvQueries(in: OSVQueryTests.alma).map(\.name) == ["openssl-libs", "openssl"])
        #expect(libs.osvQueries(in: OSVQueryTests.rocky).map(\.name) == ["openssl", "openssl-libs"])
        #expect(libs.osvQueries(in: OSVQueryTests.alma).map(\.ecosystem) == ["AlmaLinux:9", "AlmaLinux:9"])
    }

    @Test(
        arguments: [
            (Package.Kind.pypi, nil, "Zope._Interface", "5.0", "PyPI", "zope-interface", "5.0"),
            (.npm, "@angular", "core", "1.2.3", "npm", "@angular/core", "1.2.3"),
            (.maven, "org.apache", "log4j", "2.14.1", "Maven", "org.apache:log4j", "2.14.1"),
            (.golang, "github.com/gin-gonic", "gin", "v1.6.0", "Go", "github.com/gin-gonic/gin", "1.6.0"),
            (.golang, nil, "stdlib", "1.22.1", "Go", "stdlib", "1.22.1"),
            (.golang, nil, "stdlib", "1.20", "Go", "stdlib", "1.20.0"),
            (.golang, nil, "stdlib", "1.22rc1", "Go", "stdlib", "1.22.0-rc.1"),
            (.cargo, nil, "time", "0.1.43", "crates.io", "time", "0.1.43"),
            (.gem, nil, "rake", "13.0.3", "RubyGems", "rake", "13.0.3"),
            (.composer, "Symfony", "console", "v5.4.0", "Packagist", "symfony/console", "v5.4.0"),
            (.nuget, nil, "Newtonsoft.Json", "13.0.1", "NuGet", "Newtonsoft.Json", "13.0.1"),
        ] as [(Package.Kind, String?, String, String, String, String, String)]
    )
    func languagePackageIsNamedAsItsRecordsNameIt(
        kind: Package.Kind,
        namespace: String?,
        name: String,
        version: String,
        ecosystem: String,
        asked: String,
        askedVersion: String
    ) {
        let queries = package(kind, namespace, name, version).osvQueries(in: nil)
        #expect(queries == [OSVQuery(ecosystem: ecosystem, name: asked, version: askedVersion)])
    }

    // A jar that names no group, Go's (devel), a distribution without advisories: unknown, not clean.
    @Test func nothingIsAskedWhereNothingCanBe() {
        #expect(package(.maven, nil, "log4j", "2.14.1").osvQueries(in: nil).isEmpty)
        #expect(package(.golang, "example.com", "app", "").osvQueries(in: nil).isEmpty)
        let amazon = Release(id: "amzn", version: "2023", prettyName: "")
        #expect(package(.rpm, "amzn", "curl", "8.5.0-1").osvQueries(in: amazon).isEmpty)
        #expect(package(.deb, nil, "curl", "8.5.0-1").osvQueries(in: nil).isEmpty)
    }
}
