import Inventory
import Testing

@Suite struct DebianTests {
    private static let status = """
        Package: bsdutils
        Status: install ok installed
        Architecture: amd64
        Source: util-linux (2.38.1-5)
        Version: 1:2.38.1-5+b1
        Description: basic utilities
         Version: 9 is no field of ours, it is indented
         .
         Package: neither

        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Multi-Arch: same
        Source: glibc
        Version: 2.36-9+deb12u10

        Package: gone
        Status: deinstall ok config-files
        Version: 1.0

        Package: hurt
        Status: install reinstreq half-installed
        Version: 1.0

        Package: waiting
        Status: install ok triggers-pending
        Version: 3


        """

    @Test func statusGivesInstalledPackagesWithTheirSources() {
        let found = inventory(of: "var/lib/dpkg/status", DebianTests.status)
        #expect(found.lines == ["bsdutils 1:2.38.1-5+b1", "libc6 2.36-9+deb12u10", "waiting 3"])
        #expect(
            found.packages.map(\.source) == [
                Package.Source(name: "util-linux", version: "2.38.1-5"),
                Package.Source(name: "glibc", version: "2.36-9+deb12u10"),
                Package.Source(name: "waiting", version: "3"),
            ]
        )
        #expect(found.packages.first?.locations == [Package.Location(path: "var/lib/dpkg/status", layer: 0)])
    }

    @Test func halfInstalledPackageIsNamedAndNotCounted() {
        let found = inventory(of: "var/lib/dpkg/status", DebianTests.status)
        #expect(found.unreadable.map(\.reason) == ["hurt is half-installed: it is not counted as installed"])
    }

    @Test func whatIsNoStatusFileIsUnreadable() {
        let found = inventory(of: "var/lib/dpkg/status", "\u{7F}ELF\n\u{1}\u{2}")
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.map(\.reason) == ["no dpkg fields in it"])
    }

    @Test func emptyStatusFileIsNoDamage() {
        let found = inventory(of: "var/lib/dpkg/status", "")
        #expect(found.packages.isEmpty && found.unreadable.isEmpty)
    }

    @Test func statusFileOfAnotherPlaceIsNotRead() {
        #expect(inventory(of: "home/status", DebianTests.status).packages.isEmpty)
    }

    // Distroless: a control file a package, without a status, beside the digests of its files.
    @Test func distrolessControlFilesCountWithoutStatus() {
        var image = ImageFiles()
        image.add("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4+deb12u5\nArchitecture: amd64\n")
        image.add(
            "var/lib/dpkg/status.d/base.md5sums",
            "d41d8cd98f00b204e9800998ecf8427e  usr/share/x.dist-info/METADATA\n"
        )
        image.add("usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        #expect(image.inventory.lines == ["base-files 12.4+deb12u5"])
        #expect(image.inventory.packages.first?.namespace == "debian")
        #expect(image.inventory.unreadable.isEmpty)
    }

    // Each layer rewrites the whole file: a package belongs to the lowest layer that already has this version.
    @Test func packageBelongsToTheLayerThatBroughtIt() {
        func stanza(_ name: String, _ version: String) -> String {
            "Package: \(name)\nStatus: install ok installed\nVersion: \(version)\n\n"
        }
        var image = ImageFiles()
        image.addOlder("var/lib/dpkg/status", stanza("base", "1") + stanza("curl", "7"), layer: 0)
        image.addOlder("var/lib/dpkg/status", stanza("base", "1") + stanza("curl", "8"), layer: 2)
        let last = stanza("base", "1") + stanza("curl", "8") + stanza("vim", "9")
        image.add("var/lib/dpkg/status", last, layer: 5)
        let layers = Dictionary(
            uniqueKeysWithValues: image.inventory.packages.map { ($0.name, $0.locations.first?.layer) }
        )
        #expect(layers == ["base": 0, "curl": 2, "vim": 5])
    }

    @Test func damagedStatusNeverStopsTheScan() {
        let damage = Damage(path: "var/lib/dpkg/status", bytes: Array(DebianTests.status.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}
