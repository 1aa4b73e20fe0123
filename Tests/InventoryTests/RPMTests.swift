import Inventory
import Testing

@Suite struct RPMTests {
    private static let packages = [
        RPMFixture(name: "gpg-pubkey", version: "a", release: "b", source: "(none)"),
        RPMFixture(
            name: "openssl-libs",
            version: "3.0.7",
            release: "27.el9",
            epoch: 1,
            source: "openssl-3.0.7-27.el9.src.rpm",
            files: ["/usr/lib64/libssl.so.3", "/usr/lib/python3.9/a.dist-info/METADATA", "/etc/x"]
        ),
        RPMFixture(
            name: "nodejs",
            version: "18.12.1",
            release: "2.module+el8",
            epoch: 0,
            source: "nodejs-18.12.1-2.module+el8.nosrc.rpm",
            label: "nodejs:18:8080020230322145148:63b34585"
        ),
        RPMFixture(
            name: "big-package",
            version: "1",
            release: "1",
            source: "big-package-1-1.src.rpm",
            files: (0..<60).map { "/usr/share/big/file-with-a-long-name-\($0)" }
        ),
    ]

    static let formats: [(path: String, bytes: [UInt8])] = [
        ("usr/lib/sysimage/rpm/Packages.db", RPMFixture.native(packages)),
        ("var/lib/rpm/Packages", RPMFixture.berkeley(packages)),
        ("var/lib/rpm/Packages", RPMFixture.berkeley(packages, isBigEndian: true)),
        ("var/lib/rpm/rpmdb.sqlite", RPMFixture.sqlite(packages)),
        ("usr/share/rpm/rpmdb.sqlite", log(RPMFixture.sqlite(packages))),
    ]

    /// As rpm leaves it: in the mode that keeps a log beside the file.
    private static func log(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[18] = 2
        bytes[19] = 2
        return bytes
    }

    @Test(arguments: formats) func everyFormatGivesThePackages(path: String, bytes: [UInt8]) {
        let found = inventory(of: path, bytes)
        #expect(found.lines == ["big-package 1-1", "nodejs 18.12.1-2.module+el8", "openssl-libs 1:3.0.7-27.el9"])
        #expect(found.unreadable.isEmpty)
        #expect(found.packages[1].modularityLabel == "nodejs:18:8080020230322145148:63b34585")
        #expect(found.packages[1].source == Package.Source(name: "nodejs", version: "18.12.1-2.module+el8"))
        #expect(found.packages[2].source == Package.Source(name: "openssl", version: "1:3.0.7-27.el9"))
        #expect(found.packages[2].architecture == "x86_64")
    }

    @Test(arguments: formats) func filesOfAPackageAreItsOwn(path: String, bytes: [UInt8]) {
        var image = ImageFiles()
        image.add(path, bytes)
        image.add("usr/lib/python3.9/a.dist-info/METADATA", "Name: a\nVersion: 1\n")
        image.add("usr/lib/python3.9/b.dist-info/METADATA", "Name: b\nVersion: 1\n")
        #expect(image.inventory.packages.filter { $0.kind == .pypi }.map(\.ownedBy) == ["openssl-libs", nil])
    }

    @Test(arguments: ["home/Packages", "var/lib/rpm/x/Packages", "var/lib/rpm/Name"])
    func otherFilesAreNoDatabase(path: String) {
        #expect(inventory(of: path, RPMTests.formats[1].bytes).packages.isEmpty)
    }

    @Test(arguments: ["garbage", "RpmP", "SQLite format 3\0"])
    func whatIsNoDatabaseIsUnreadable(text: String) {
        #expect(inventory(of: "var/lib/rpm/Packages", text).unreadable.count == 1)
    }

    // Packages could be missing: what the log holds is not in the database.
    @Test func logWithChangesIsNamed() {
        let path = "var/lib/rpm/rpmdb.sqlite-wal"
        #expect(inventory(of: path, [UInt8](repeating: 1, count: 5000)).unreadable.count == 1)
        #expect(inventory(of: path, []).unreadable.isEmpty)
    }

    // A view in place of the table, which would run the schema's own code or never end.
    @Test(
        arguments: [
            "CREATE VIEW Packages AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS blob FROM n",
            "CREATE VIEW Packages AS SELECT zeroblob(1000000000) AS blob",
            "CREATE TABLE x(a); CREATE VIEW Packages AS SELECT load_extension('x') AS blob FROM x",
        ]
    )
    func schemaOfAHostileDatabaseIsNotRun(statement: String) {
        let found = inventory(of: "var/lib/rpm/rpmdb.sqlite", RPMFixture.sqlite([], statements: [statement]))
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.count == 1)
    }

    // Slots that all point to one package would be read as often as there are slots.
    @Test func sharedBlobsAreNotReadAgainAndAgain() {
        var bytes = RPMFixture.native([RPMTests.packages[3]])
        for slot in stride(from: 48, to: 4096, by: 16) {
            bytes.replaceSubrange(slot..<(slot + 16), with: bytes[32..<48])
        }
        let found = inventory(of: "usr/lib/sysimage/rpm/Packages.db", bytes)
        #expect(found.unreadable.map(\.reason) == ["rpm's database tells the same packages again and again"])
    }

    @Test func chainOfPagesThatTurnsInCirclesEnds() {
        var bytes = RPMFixture.berkeley([RPMTests.packages[3]])
        // The first page of the chain is its own next one; what comes out is as long as the value says, and its first part right.
        bytes.replaceSubrange((2 * 512 + 16)..<(2 * 512 + 20), with: [2, 0, 0, 0])
        let found = inventory(of: "var/lib/rpm/Packages", bytes)
        #expect(found.packages.count + found.unreadable.count == 1)
    }

    @Test(arguments: formats) func damagedDatabaseNeverStopsTheScan(path: String, bytes: [UInt8]) {
        let damage = Damage(path: path, bytes: bytes)
        damage.cutAnywhere(steps: 500)
        damage.mutate()
    }
}
