import Testing

@testable import Advisories

/// Facts, section 2.
@Suite struct EcosystemTests {
    @Test(
        arguments: [
            ("PyPI", "PyPI", nil), ("Debian:12", "Debian", "12"), ("Ubuntu:Pro:18.04:LTS", "Ubuntu", "Pro:18.04:LTS"),
            ("Red Hat:rhel_eus:8.8::baseos", "Red Hat", "rhel_eus:8.8::baseos"), ("Debian:", "Debian", nil),
            ("", "", nil),
            ("bitnami", "Bitnami", nil), ("SUSE:Linux Enterprise Server 12", "SUSE", "Linux Enterprise Server 12"),
        ] as [(String, String, String?)]
    )
    func firstColonSplits(text: String, base: String, suffix: String?) {
        #expect(Ecosystem(text).base == base)
        #expect(Ecosystem(text).suffix == suffix)
    }

    @Test(arguments: [
        ("Debian:12", "Debian:12", true), ("Debian:12", "Debian:11", false), ("Debian", "Debian:11", true),
        ("Debian:12", "Debian", true), ("Debian:12", "Ubuntu:12", false), ("Alpine:v3.18", "Alpine:v3.19", false),
        ("Ubuntu:22.04", "Ubuntu:22.04:LTS", true), ("Ubuntu:22.04:LTS", "Ubuntu:22.04:LTS", true),
        ("Ubuntu:22.04:LTS", "Ubuntu:Pro:22.04:LTS", false), ("Ubuntu:Pro:22.04:LTS", "Ubuntu:Pro:22.04:LTS", true),
        ("Red Hat:enterprise_linux:9::baseos", "Red Hat:enterprise_linux:9::appstream", true),
        ("Red Hat:enterprise_linux:9", "Red Hat:enterprise_linux:9::crb", true),
        ("Red Hat:enterprise_linux:9::baseos", "Red Hat:rhel_eus:9.2::baseos", false),
        ("Maven", "Maven:https://repo.example/", true), ("openSUSE:Leap 15.5", "openSUSE:Leap 15.6", false),
    ])
    func suffixesMustBeEqualWhereBothHaveOne(query: String, record: String, isCovered: Bool) {
        #expect(Ecosystem(query).covers(Ecosystem(record)) == isCovered)
    }

    @Test(arguments: [
        ("Debian:12", VersionOrderKind.dpkg), ("Ubuntu:22.04:LTS", .dpkg), ("Alpine:v3.18", .apk), ("Wolfi", .apk),
        ("Chainguard", .apk), ("AlmaLinux:9", .rpm), ("Rocky Linux:9", .rpm), ("Red Hat:x", .rpm), ("SUSE:x", .rpm),
        ("openSUSE:x", .rpm), ("Mageia:9", .rpm), ("openEuler:24.03", .rpm), ("Azure Linux:3", .rpm), ("PyPI", .pep440),
        ("npm", .semver), ("crates.io", .semver), ("Go", .semver), ("Bitnami", .semver), ("Maven", .maven),
        ("NuGet", .nuget), ("RubyGems", .rubygems), ("Packagist", .packagist), ("Root:Debian:12", .dpkg),
        ("Root:Alpine:3.18", .apk), ("TuxCare:AlmaLinux:9", .rpm),
    ])
    func everyEcosystemHasItsOrder(text: String, order: VersionOrderKind) {
        #expect(Ecosystem(text).order == order)
    }

    @Test(arguments: ["GIT", "CRAN", "Android", "Nonsense", "Root"])
    func ecosystemWithoutAKnownOrderHasNone(text: String) {
        #expect(Ecosystem(text).order == nil)
    }

    @Test(arguments: [
        ("PyPI", "Zope.Interface", "zope-interface"), ("PyPI", "a-_.b", "a-b"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Packagist", "Symfony/HTTP", "symfony/http"), ("npm", "@Angular/Core", "@Angular/Core"),
        ("Go", "github.com/A/b", "github.com/A/b"),
        ("Debian:12", "OpenSSL", "OpenSSL"),
    ])
    func namesAreNormalizedAsTheEcosystemDoes(ecosystem: String, name: String, normalized: String) {
        #expect(Ecosystem(ecosystem).normalized(name: name) == normalized)
    }

    @Test(
        arguments: [
            ("CVE-2024-1234", "CVE-2024-1234"), ("DEBIAN-CVE-2024-1234", "CVE-2024-1234"),
            ("UBUNTU-CVE-1999-0001", "CVE-1999-0001"),
            ("ALPINE-CVE-2023-1234567", "CVE-2023-1234567"), ("GHSA-aaaa-bbbb-cccc", nil), ("CVE-2024-12", nil),
            ("CVE-24-1234", nil),
            ("CVE-2024-1234x", nil), ("CVE-2024-99999999999999999999", nil), ("", nil), ("XCVE-2024-1234", nil),
            ("CVE-", nil),
            ("BIT-x-CVE-", nil),
        ] as [(String, String?)]
    )
    func cveIsFoundBehindADistributionsPrefix(id: String, cve: String?) {
        #expect(CVEIdentifier(id)?.text == cve)
    }
}
