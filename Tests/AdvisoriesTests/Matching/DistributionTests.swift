import Foundation
import Testing

@testable import Advisories

/// Facts, sections 2, 7 and 11: the dialects of the distributions.
@Suite struct DistributionTests {
    @Test func suffixesKeepReleasesApart() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "DSA-1-1",
                [
                    affected("Debian:11", "a", ["introduced 0", "fixed 1-1+deb11u1"]),
                    affected("Debian:12", "a", ["introduced 0", "fixed 1-1+deb12u1"]),
                ]
            )
        ])
        #expect(try fixture.match("Debian:11", "a", "1-1").map(\.fixedIn) == ["1-1+deb11u1"])
        #expect(try fixture.match("Debian:12", "a", "1-1").map(\.fixedIn) == ["1-1+deb12u1"])
        #expect(try fixture.match("Debian:12", "a", "1-1+deb12u1").isEmpty)
    }

    @Test func proIsAnEcosystemOfItsOwn() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "UBUNTU-CVE-2024-1111",
                [
                    affected(
                        "Ubuntu:Pro:14.04:LTS",
                        "unzip",
                        ["introduced 0", "fixed 6.0-9ubuntu1.6"],
                        versions: ["6.0-9ubuntu1"]
                    ),
                    affected("Ubuntu:16.04:LTS", "unzip", ["introduced 0", "fixed 6.0-20ubuntu1.1"]),
                ]
            )
        ])
        #expect(try fixture.match("Ubuntu:Pro:14.04:LTS", "unzip", "6.0-9ubuntu1").map(\.fixedIn) == ["6.0-9ubuntu1.6"])
        #expect(try fixture.match("Ubuntu:16.04", "unzip", "6.0-20").map(\.fixedIn) == ["6.0-20ubuntu1.1"])
        #expect(try fixture.match("Ubuntu:14.04:LTS", "unzip", "6.0-9ubuntu1").isEmpty)
    }

    @Test func noticeOfUbuntuRatesEachOfItsCVEs() async throws {
        let map: [String: Any] = [
            "cves_map": [
                "ecosystem": "Ubuntu:22.04:LTS",
                "cves": [
                    ["id": "CVE-2024-1111", "severity": [["type": "Ubuntu", "score": "high"]]],
                    [
                        "id": "CVE-2024-2222",
                        "severity": [
                            ["type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:H"],
                            ["type": "Ubuntu", "score": "low"],
                        ],
                    ],
                ],
            ]
        ]
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "USN-1-1",
                [affected("Ubuntu:22.04:LTS", "a", ["introduced 0", "fixed 2"], ["database_specific": map])],
                ["upstream": ["UBUNTU-CVE-2024-1111", "UBUNTU-CVE-2024-2222", "UBUNTU-CVE-2024-3333"]]
            )
        ])
        let matches = try fixture.match("Ubuntu:22.04", "a", "1")
        // The third is not in this release's map.
        #expect(matches.map(\.advisory.id) == ["CVE-2024-1111", "CVE-2024-2222"])
        #expect(matches.map(\.advisory.severity) == [.high, .medium])
    }

    @Test func wordOfUbuntuStandsBesideTheVector() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "UBUNTU-CVE-2024-1111",
                [affected("Ubuntu:22.04:LTS", "a", ["introduced 0"])],
                ["severity": [["type": "Ubuntu", "score": "negligible"]]]
            )
        ])
        #expect(try fixture.match("Ubuntu:22.04", "a", "1").map(\.advisory.severity) == [.negligible])
    }

    @Test func epochsOfRockyCount() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "RLSA-2024:1",
                [affected("Rocky Linux:9", "a", ["introduced 0", "fixed 1:2.0-1.el9"])],
                ["related": ["CVE-2024-1111"]]
            )
        ])
        #expect(try fixture.ids("Rocky Linux:9", "a", "1:1.9-1.el9") == ["CVE-2024-1111"])
        #expect(try fixture.ids("Rocky Linux:9", "a", "9.0-1.el9") == ["CVE-2024-1111"])
        #expect(try fixture.ids("Rocky Linux:9", "a", "1:2.0-1.el9").isEmpty)
    }

    @Test func redHatIsMatchedByProductWhateverTheRepository() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture(
                "RHSA-2024:1",
                [affected("Red Hat:enterprise_linux:9::appstream", "a", ["introduced 0", "fixed 0:2-1.el9"])],
                ["upstream": ["CVE-2024-1111"]]
            ),
            RecordFixture(
                "RHSA-2024:2",
                [affected("Red Hat:rhel_eus:9.2::appstream", "a", ["introduced 0", "fixed 0:3-1.el9_2"])],
                ["upstream": ["CVE-2024-2222"]]
            ),
        ])
        #expect(try fixture.ids("Red Hat:enterprise_linux:9::baseos", "a", "1-1.el9") == ["CVE-2024-1111"])
    }

    @Test func invalidVersionOfAlpineLeavesThatRangeOutAndKeepsTheOther() async throws {
        let fixture = try await SnapshotFixture([
            RecordFixture("ALPINE-CVE-2024-1111", [affected("Alpine:v3.18", "a", ["introduced 0", "fixed 1.2.x-r0"])]),
            RecordFixture(
                "ALPINE-CVE-2024-2222",
                [
                    affected("Alpine:v3.18", "a", ["introduced 0", "fixed 1.3-r0"]),
                    affected("Alpine:v3.18", "a", ["introduced 0", "fixed 1.4-r1"]),
                ]
            ),
        ])
        #expect(fixture.report.unusableRanges == 1)
        // Fixed again: any entry that matches counts, so that the highest fix decides.
        #expect(try fixture.match("Alpine:v3.18", "a", "1.2-r0").map(\.fixedIn) == ["1.4-r1"])
        #expect(try fixture.match("Alpine:v3.18", "a", "1.3-r5").map(\.fixedIn) == ["1.4-r1"])
        #expect(try fixture.ids("Alpine:v3.18", "a", "1.4-r1").isEmpty)
    }

    @Test func samplesOfEveryDialectMatchTheirOwnPackages() async throws {
        guard let samples = Samples.path("osv/samples") else { return }
        let directory = try TemporaryDirectory()
        let report = try await AdvisoryImport(into: directory.file("db")).run([.path(samples)])
        #expect(report.damaged == 0)
        #expect(report.added == 89)
        let database = try AdvisoryDatabase(path: directory.file("db"))
        // (ecosystem, name, version, a flaw that it has, its fix)
        let cases: [(String, String, String, String, String?)] = [
            ("Ubuntu:18.04:LTS", "wayland", "1.16.0-1ubuntu1.1~18.04.3", "CVE-2021-3782", "1.16.0-1ubuntu1.1~18.04.4"),
            ("Rocky Linux:9", "bcel", "6.4.1-8.el9", "CVE-2022-42920", "0:6.4.1-9.el9_1"),
            ("Red Hat:rhel_aus:8.6::appstream", "git-lfs", "2.13.3-3.el8_6", "CVE-2023-45288", "0:2.13.3-3.el8_6.1"),
            ("SUSE:Linux Enterprise Desktop 12", "libqt4", "4.8.6-6.1", "CVE-2014-3567", "4.8.6-7.1"),
            ("AlmaLinux:8", "delve", "1.5.0-1.el8", "CVE-2021-33195", "1.6.0-1.module_el8.5.0+2604+960c7771"),
            ("Debian:7", "nginx", "1.2.1-2.2", "CVE-2014-3616", "1.2.1-2.2+wheezy3"),
            ("Bitnami", "node", "14.1.0", "CVE-2020-8201", "14.11.0"),
            ("VSCode", "cline-ai-main.cline-ai-agent", "3.1.3", "MAL-2025-191157", nil),
        ]
        for (ecosystem, name, version, id, fix) in cases {
            let matches = try database.match([AdvisoryQuery(ecosystem: ecosystem, name: name, version: version)])
                .matches
            let match = try #require(matches.first { $0.advisory.id == id }, "\(name)")
            #expect(match.fixedIn == fix, "\(name)")
        }
    }
}
