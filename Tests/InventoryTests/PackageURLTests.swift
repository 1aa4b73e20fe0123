import Inventory
import Testing

@Suite struct PackageURLTests {
    // Source: purl-spec, tests of the specification and of the types. Left is what is read, right its canonical form.
    @Test(
        arguments: [
            (
                "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
                "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"
            ),
            ("pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64", "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64"),
            (
                "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25",
                "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25"
            ),
            (
                "pkg:rpm/fedora/centerim@4.22.10-1.el6?arch=i686&epoch=1&distro=fedora-25",
                "pkg:rpm/fedora/centerim@4.22.10-1.el6?arch=i686&distro=fedora-25&epoch=1"
            ),
            (
                "pkg:GOLANG/google.golang.org/genproto@abcdedf#/googleapis/api/annotations/",
                "pkg:golang/google.golang.org/genproto@abcdedf#googleapis/api/annotations"
            ),
            ("pkg:npm/@babel/core#/googleapis/api/annotations/", "pkg:npm/%40babel/core#googleapis/api/annotations"),
            ("pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1"),
            (
                "pkg:npm/mypackage@12.4.5?vcs_url=git://host.com/path/to/repo.git%404345abcd34343",
                "pkg:npm/mypackage@12.4.5?vcs_url=git:%2F%2Fhost.com%2Fpath%2Fto%2Frepo.git%404345abcd34343"
            ),
            ("pkg:pypi/Django_package@1.11.1.dev1", "pkg:pypi/django-package@1.11.1.dev1"),
            ("pkg://maven/org.apache.commons/io@1.3.4", "pkg:maven/org.apache.commons/io@1.3.4"),
            ("pkg:nuget/EnterpriseLibrary.Common@6.0.1304", "pkg:nuget/EnterpriseLibrary.Common@6.0.1304"),
            (
                "pkg:generic/bitwarderl?checksum=sha1:ad9503c3e994a4f%2Csha256:41bf9088b3a1e6c1ef1d",
                "pkg:generic/bitwarderl?checksum=sha1:ad9503c3e994a4f%2Csha256:41bf9088b3a1e6c1ef1d"
            ),
            ("pkg:composer/Guzzlehttp/Promises@2.0.2", "pkg:composer/guzzlehttp/promises@2.0.2"),
            ("pkg:npm/core?empty=", "pkg:npm/core"),
        ]
    )
    func textIsBroughtIntoItsCanonicalForm(raw: String, canonical: String) throws {
        let url = try PackageURL(raw)
        #expect(url.description == canonical)
        #expect(try PackageURL(canonical) == url)
    }

    @Test(
        arguments: [
            "EnterpriseLibrary.Common@6.0.1304", "pkg:EnterpriseLibrary.Common@6.0.1304", "pkg:n&g?inx/nginx@0.8.9",
            "pkg:3nginx/nginx@0.8.9", "pkg:nginx:a/nginx@0.8.9", "pkg:npm/myartifact@1.0.0?in%20production=true",
            "pkg:maven/@1.3.4", "pkg%3Amaven/org.apache.commons/io", "", "pkg:", "pkg:npm/", "pkg:npm/a%2",
            "pkg:npm/a%zz",
            "pkg:npm/%ff", "pkg:npm/a?k=1&k=2", "pkg:maven/a%2Fb/c",
        ]
    )
    func whatIsNoPackageURLIsRefused(raw: String) {
        #expect(throws: PackageURL.ValidationError.self) { try PackageURL(raw) }
    }

    private static let bookworm = Release(id: "debian", version: "12", prettyName: "")
    private static let rhel = Release(id: "rhel", version: "9.4", prettyName: "")

    @Test func distributionPackagesCarryArchitectureAndRelease() {
        let deb = Package(
            kind: .deb,
            namespace: "debian",
            name: "libc6",
            version: "2.36-9+deb12u10",
            architecture: "amd64",
            locations: []
        )
        #expect(
            deb.purl(release: PackageURLTests.bookworm)?.description
                == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12"
        )
        let rpm = Package(
            kind: .rpm,
            name: "openssl-libs",
            version: "1:3.0.7-27.el9",
            architecture: "x86_64",
            locations: []
        )
        #expect(
            rpm.purl(release: PackageURLTests.rhel)?.description
                == "pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?arch=x86_64&distro=rhel-9.4&epoch=1"
        )
    }

    @Test(
        arguments: [
            (Package.Kind.pypi, nil, "Foo_Bar", "1.0", "pkg:pypi/foo-bar@1.0"),
            (.npm, "@angular", "core", "1.0.0", "pkg:npm/%40angular/core@1.0.0"),
            (.maven, "org.slf4j", "slf4j-api", "1.7", "pkg:maven/org.slf4j/slf4j-api@1.7"),
            (.golang, "github.com/BurntSushi", "toml", "v1.0.0", "pkg:golang/github.com/burntsushi/toml@v1.0.0"),
            (.golang, nil, "stdlib", "1.22.0", "pkg:golang/stdlib@1.22.0"),
            (.golang, "example.com", "app", "", "pkg:golang/example.com/app"),
        ] as [(Package.Kind, String?, String, String, String)]
    )
    func languagePackageHasItsTypesURL(
        kind: Package.Kind,
        namespace: String?,
        name: String,
        version: String,
        url: String
    ) {
        let package = Package(kind: kind, namespace: namespace, name: name, version: version, locations: [])
        #expect(package.purl(release: PackageURLTests.bookworm)?.description == url)
    }
}
