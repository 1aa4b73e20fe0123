import Foundation
import Inventory
import Testing

@Suite struct ReleaseTests {
    @Test func osReleaseIsReadWithItsQuotes() {
        let text = """
            # a comment
            PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
            NAME='Debian GNU/Linux'
            VERSION_ID="12"
            VERSION="12 (bookworm)"
            ID=debian
            ID_LIKE="a \\"b\\" c"
            """
        let release = inventory(of: "usr/lib/os-release", text).release
        #expect(release?.id == "debian")
        #expect(release?.version == "12")
        #expect(release?.codename == "bookworm")
        #expect(release?.prettyName == "Debian GNU/Linux 12 (bookworm)")
        #expect(release?.idLike == ["a", "\"b\"", "c"])
    }

    // The file of the administrator comes before that of the vendor, and both before what was there earlier.
    @Test func etcOSReleaseComesFirst() {
        var image = ImageFiles()
        image.add("etc/alpine-release", "3.18.4\n")
        image.add("etc/os-release", "ID=wolfi\nVERSION_ID=20230201\n")
        image.add("usr/lib/os-release", "ID=debian\nVERSION_ID=12\n")
        #expect(image.inventory.release?.id == "wolfi")
    }

    @Test(
        arguments: [
            ("etc/alpine-release", "3.18.4\n", "alpine", "3.18.4"),
            ("etc/debian_version", "12.5\n", "debian", "12"),
            ("etc/debian_version", "bookworm/sid\n", "debian", ""),
            ("etc/redhat-release", "CentOS release 6.10 (Final)\n", "centos", "6.10"),
            ("etc/redhat-release", "Red Hat Enterprise Linux Server release 6.5 (Santiago)\n", "rhel", "6.5"),
            (
                "etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\n", "ubuntu",
                "14.04"
            ),
        ]
    )
    func olderFilesNameTheDistributionToo(path: String, text: String, id: String, version: String) {
        let release = inventory(of: path, text).release
        #expect(release?.id == id)
        #expect(release?.version == version)
    }

    @Test func releaseFileWithoutANameIsUnreadable() {
        #expect(inventory(of: "etc/os-release", "\u{0}\u{1}\n").unreadable.map(\.reason) == ["names no distribution"])
        #expect(inventory(of: "etc/os-release", "\n").unreadable.isEmpty)
    }

    // OSV's spelling, from its schema's list and its records.
    @Test(
        arguments: [
            ("debian", "12", nil, ["Debian:12"]),
            ("debian", "", nil, ["Debian:sid"]),
            ("ubuntu", "22.04", nil, ["Ubuntu:22.04:LTS"]),
            ("ubuntu", "24.10", nil, ["Ubuntu:24.10"]),
            ("ubuntu", "23.04", nil, ["Ubuntu:23.04"]),
            ("alpine", "3.18.4", nil, ["Alpine:v3.18"]),
            ("alpine", "3.21_alpha20240923", nil, ["Alpine:edge"]),
            ("wolfi", "20230201", nil, ["Wolfi"]),
            ("chainguard", "20230214", nil, ["Chainguard"]),
            ("almalinux", "9.4", nil, ["AlmaLinux:9"]),
            ("rocky", "9.3", nil, ["Rocky Linux:9"]),
            (
                "rhel", "9.4", "cpe:/o:redhat:enterprise_linux:9::baseos",
                ["Red Hat:enterprise_linux:9::baseos", "Red Hat:enterprise_linux:9::appstream"]
            ),
            ("rhel", "8.8", "cpe:/o:redhat:rhel_eus:8.8", ["Red Hat:rhel_eus:8.8"]),
            ("opensuse-leap", "15.5", nil, ["openSUSE:Leap 15.5"]),
            ("opensuse-tumbleweed", "20240101", nil, ["openSUSE:Tumbleweed"]),
            ("sles", "12.5", nil, ["SUSE:Linux Enterprise Server 12 SP5"]),
            (
                "sles", "15.5", nil,
                ["SUSE:Linux Enterprise Server 15 SP5", "SUSE:Linux Enterprise Module for Basesystem 15 SP5"]
            ),
            ("mageia", "9", nil, ["Mageia:9"]),
            ("azurelinux", "3.0", nil, ["Azure Linux:3"]),
            ("photon", "5.0", nil, ["Photon OS:5.0"]),
            ("amzn", "2023", nil, []),
            ("fedora", "40", nil, []),
            ("arch", "", nil, []),
        ] as [(String, String, String?, [String])]
    )
    func releaseIsNamedAsOSVNamesIt(id: String, version: String, cpe: String?, ecosystems: [String]) {
        #expect(Release(id: id, version: version, cpe: cpe, prettyName: "").osvEcosystems == ecosystems)
    }

    @Test func openEulerServicePackIsPartOfItsName() {
        let text = "ID=\"openEuler\"\nVERSION_ID=\"24.03\"\nVERSION=\"24.03 (LTS-SP1)\"\n"
        #expect(inventory(of: "etc/os-release", text).release?.osvEcosystems == ["openEuler:24.03-LTS-SP1"])
    }

    // 2026-11-24T12:00:00Z.
    private static let now = Date(timeIntervalSince1970: 1_795_521_600)

    @Test(
        arguments: [
            ("debian", "11", "2026-08-31", true), ("debian", "12", "2028-06-30", false),
            ("alpine", "3.18.4", "2025-05-09", true), ("ubuntu", "22.04", "2027-04-01", false),
            ("rhel", "9.4", "2032-05-31", false), ("centos", "7", "2024-06-30", true),
            ("opensuse-leap", "15.5", "2024-12-31", true), ("amzn", "2", "2026-06-30", true),
        ]
    )
    func endOfLifeIsKnown(id: String, version: String, date: String, hasPassed: Bool) {
        let end = EndOfLife(of: Release(id: id, version: version, prettyName: ""), now: ReleaseTests.now)
        #expect(end?.date == date)
        #expect(end?.hasPassed == hasPassed)
    }

    @Test(arguments: [("wolfi", "20230201"), ("debian", ""), ("debian", "99"), ("nobody", "1")])
    func endOfLifeOfWhatNobodyTabledIsUnknown(id: String, version: String) {
        #expect(EndOfLife(of: Release(id: id, version: version, prettyName: ""), now: ReleaseTests.now) == nil)
    }

    // The last day still counts; dates far off do not trap.
    @Test func endOfLifePassesWithItsDay() {
        let release = Release(id: "debian", version: "12", prettyName: "")
        let midnight = Date(timeIntervalSince1970: 1_845_936_000)  // 2028-06-30T00:00:00Z
        #expect(EndOfLife(of: release, now: midnight)?.hasPassed == false)
        #expect(EndOfLife(of: release, now: midnight.addingTimeInterval(86400))?.hasPassed == true)
        #expect(EndOfLife(of: release, now: .distantFuture)?.hasPassed == true)
        #expect(EndOfLife(of: release, now: .distantPast)?.hasPassed == false)
        #expect(EndOfLife(of: release, now: Date(timeIntervalSince1970: .nan)) != nil)
    }
}
