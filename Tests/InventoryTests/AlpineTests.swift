import Inventory
import Testing

@Suite struct AlpineTests {
    private static let installed = """
        C:Q1zwvKMnYs1b6ZdPTBJ0Z7D5P3jyA=
        P:busybox-binsh
        V:1.36.0-r9
        A:x86_64
        L:GPL-2.0-only
        o:busybox
        F:bin
        R:sh
        a:0:0:777
        Z:Q1pcfTfDNEbNKQc2s1tia7da05M8Q=

        P:musl
        V:1.2.4-r0
        A:x86_64

        """

    @Test(arguments: ["lib/apk/db/installed", "usr/lib/apk/db/installed"])
    func installedGivesPackagesWithTheirOrigins(path: String) {
        let found = inventory(of: path, AlpineTests.installed)
        #expect(found.lines == ["busybox-binsh 1.36.0-r9", "musl 1.2.4-r0"])
        #expect(found.packages.map { $0.source?.name } == ["busybox", "musl"])
        #expect(found.packages.map(\.licenses) == [["GPL-2.0-only"], []])
        #expect(found.unreadable.isEmpty)
    }

    @Test func whatIsNoDatabaseIsUnreadable() {
        let found = inventory(of: "lib/apk/db/installed", "<html>404</html>\n")
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.map(\.reason) == ["a stanza without a package name"])
    }

    @Test func cutDatabaseSaysSo() {
        let found = inventory(of: "lib/apk/db/installed", String(AlpineTests.installed.dropLast(10)))
        #expect(found.unreadable.map(\.reason).contains("the file ends in the middle of a line"))
    }

    @Test func damagedDatabaseNeverStopsTheScan() {
        let damage = Damage(path: "lib/apk/db/installed", bytes: Array(AlpineTests.installed.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}
