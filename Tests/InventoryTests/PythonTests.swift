import Inventory
import Testing

@Suite struct PythonTests {
    private static let metadata = """
        Metadata-Version: 2.1
        Name: PyYAML
        Version: 6.0.1
        License: MIT
        Classifier: License :: OSI Approved :: MIT License

        Name: not-a-field
        Version: 9
        """

    @Test(
        arguments: [
            "usr/lib/python3/dist-packages/PyYAML-6.0.1.dist-info/METADATA",
            "usr/lib/python3/dist-packages/PyYAML.egg-info/PKG-INFO",
            "usr/lib/python3/dist-packages/PyYAML-6.0.1.egg-info",
            "opt/PyYAML-6.0.1-py3.11.egg/EGG-INFO/PKG-INFO",
        ]
    )
    func everyFormOfInstalledMetadataIsRead(path: String) {
        let found = inventory(of: path, PythonTests.metadata)
        #expect(found.lines == ["PyYAML 6.0.1"])
        #expect(found.packages.first?.licenses == ["MIT"])
        #expect(found.packages.first?.ownedBy == nil)
    }

    @Test(arguments: ["app/METADATA", "src/PyYAML-6.0.1/PKG-INFO", "x.dist-info/RECORD", "x.dist-info/sub/METADATA"])
    func sourceTreesAreNotInstalled(path: String) {
        #expect(inventory(of: path, PythonTests.metadata).packages.isEmpty)
    }

    // The long description may be megabytes; only the head counts.
    @Test func longDescriptionDoesNotHurt() {
        let text = PythonTests.metadata + String(repeating: "long\n", count: 200_000)
        #expect(inventory(of: "a.dist-info/METADATA", text).lines == ["PyYAML 6.0.1"])
    }

    @Test(arguments: [
        ("", "names no distribution"), ("\u{0}\u{1}", "names no distribution"), ("Name: a\n", "a has no version"),
    ])
    func metadataWithoutNameOrVersionIsUnreadable(text: String, reason: String) {
        #expect(inventory(of: "a.dist-info/METADATA", text).unreadable.map(\.reason) == [reason])
    }

    // The license is an expression, a short word or a list of classifiers, in that order.
    @Test func licenseExpressionComesFirst() {
        let text = "Name: a\nVersion: 1\nLicense: Apache\nLicense-Expression: Apache-2.0 OR MIT\n"
        #expect(inventory(of: "a.dist-info/METADATA", text).packages.first?.licenses == ["Apache-2.0 OR MIT"])
        let classified = "Name: a\nVersion: 1\nLicense: UNKNOWN\nClassifier: License :: OSI Approved :: BSD License\n"
        #expect(inventory(of: "a.dist-info/METADATA", classified).packages.first?.licenses == ["BSD License"])
    }

    // What dpkg owns is listed, and its flaws are told of the Debian package.
    @Test func packageOfTheDistributionIsMarked() {
        var image = ImageFiles()
        image.add("var/lib/dpkg/status", "Package: python3-yaml\nStatus: install ok installed\nVersion: 6.0-3+b2\n\n")
        image.add(
            "var/lib/dpkg/info/python3-yaml:amd64.list",
            "/.\n/usr/lib/python3/dist-packages/y.dist-info/METADATA\n"
        )
        image.add("var/lib/dpkg/info/gone.list", "/usr/lib/python3/dist-packages/z.dist-info/METADATA\n")
        image.add("usr/lib/python3/dist-packages/y.dist-info/METADATA", "Name: y\nVersion: 1\n")
        image.add("usr/lib/python3/dist-packages/z.dist-info/METADATA", "Name: z\nVersion: 1\n")
        image.add("usr/local/lib/python3/site-packages/y.dist-info/METADATA", "Name: y\nVersion: 1\n", layer: 3)
        let found = image.inventory.packages.filter { $0.kind == .pypi }
        #expect(found.map(\.name) == ["y", "y", "z"])
        #expect(found.map(\.ownedBy) == ["python3-yaml", nil, nil])
        #expect(found.map { $0.locations.first?.layer } == [0, 3, 0])
    }

    // dpkg lists /lib/x where a merged-usr system has usr/lib/x; apk lists without a slash in front.
    @Test func ownersAreFoundThroughMergedDirectories() {
        var image = ImageFiles()
        image.add("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 1\n\n")
        image.add("var/lib/dpkg/info/a.list", "/lib/python/a.dist-info/METADATA")
        image.add("usr/lib/python/a.dist-info/METADATA", "Name: a\nVersion: 1\n")
        image.add("lib/apk/db/installed", "P:b\nV:1\nF:usr/lib/python/b.dist-info\nR:METADATA\n\n")
        image.add("usr/lib/python/b.dist-info/METADATA", "Name: b\nVersion: 1\n")
        #expect(image.inventory.packages.filter { $0.kind == .pypi }.map(\.ownedBy) == ["a", "b"])
    }

    @Test func damagedMetadataNeverStopsTheScan() {
        let damage = Damage(path: "a.dist-info/METADATA", bytes: Array(PythonTests.metadata.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}
