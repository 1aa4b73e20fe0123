import Inventory
import Testing

@Suite struct NodeTests {
    private static let manifest = """
        {"name": "@scope/left-pad", "version": "1.3.0", "license": "WTFPL", "scripts": {"test": "node \\"a\\" {["},
         "nested": [1, -2.5e3, true, null, {"version": "9"}]}
        """

    @Test(
        arguments: [
            "app/node_modules/@scope/left-pad/package.json", "usr/lib/node_modules/left-pad/package.json",
            "app/node_modules/.pnpm/left-pad@1.3.0/node_modules/left-pad/package.json",
            "app/node_modules/a/node_modules/left-pad/package.json", "usr/share/nodejs/left-pad/package.json",
            "usr/share/nodejs/@scope/left-pad/package.json", "usr/lib/x86_64-linux-gnu/nodejs/left-pad/package.json",
        ]
    )
    func installedPackageIsRead(path: String) {
        let found = inventory(of: path, NodeTests.manifest)
        #expect(found.lines == ["@scope/left-pad 1.3.0"])
        #expect(found.packages.first?.licenses == ["WTFPL"])
        #expect(found.unreadable.isEmpty)
    }

    @Test(
        arguments: [
            "app/package.json", "app/node_modules/a/dist/package.json", "app/node_modules/package.json",
            "app/node_modules/@scope/a/test/package.json", "app/node_modules/@scope/package.json",
            "app/node_modules/.bin/package.json", "usr/share/nodejs/a/dist/package.json",
            "usr/share/nodejs/package.json",
            "usr/share/doc/nodejs/a/b/package.json", "opt/share/nodejs/a/package.json",
        ]
    )
    func manifestOfAnythingElseIsNotInstalled(path: String) {
        #expect(inventory(of: path, NodeTests.manifest).packages.isEmpty)
    }

    // Directories with `{"type": "module"}` are parts of a package; no registry knows them.
    @Test func manifestWithoutNameOrVersionIsNothing() {
        let found = inventory(of: "node_modules/a/package.json", #"{"type": "module"}"#)
        #expect(found.packages.isEmpty && found.unreadable.isEmpty)
    }

    @Test(
        arguments: [
            (#"{"name":"a","version":"1","license":{"type":"MIT"}}"#, ["MIT"]),
            (#"{"name":"a","version":"1","licenses":[{"type":"MIT","url":"x"},"ISC"]}"#, ["MIT", "ISC"]),
            (#"{"name":"a","version":"1","license":7}"#, []),
            ("\u{FEFF}" + #"{"name":"\u0061","version":"1"}"#, []),
        ]
    )
    func oddManifestsAreUnderstood(text: String, licenses: [String]) {
        let found = inventory(of: "node_modules/a/package.json", text)
        #expect(found.lines == ["a 1"])
        #expect(found.packages.first?.licenses == licenses)
    }

    @Test(
        arguments: [
            ("", "JSON ends too early"), ("{", "JSON ends too early"), (#"{"name":"a"#, "JSON ends inside of a string"),
            (#"{"name" 1}"#, "not JSON at byte 8"), (#"{"a":1]"#, "not JSON at byte 6"),
            (#"{"a":[}]}"#, "not JSON at byte 6"),
            (#"{"a":1} x"#, "not JSON at byte 8"), ("[]", "not JSON at byte 0"),
            (#"{"a":"# + String(repeating: "[", count: 100_000), "JSON nested deeper than 128"),
        ]
    )
    func whatIsNoJSONIsUnreadable(text: String, reason: String) {
        #expect(inventory(of: "node_modules/a/package.json", text).unreadable.map(\.reason) == [reason])
    }

    private static let lockV1 = """
        {"name": "app", "version": "0.1.0", "lockfileVersion": 1, "dependencies": {
          "a": {"version": "1.0.0", "dependencies": {"b": {"version": "2.0.0"}}},
          "b": {"version": "3.0.0", "dev": true},
          "alias": {"version": "npm:@s/real@4.0.0"},
          "git": {"version": "git+ssh://git@github.com/x/y.git#abc"}}}
        """
    private static let lockV3 = """
        {"name": "app", "lockfileVersion": 3, "packages": {
          "": {"name": "app", "version": "0.1.0"},
          "packages/own": {"name": "own", "version": "0.0.1"},
          "node_modules/own": {"resolved": "packages/own", "link": true},
          "node_modules/a": {"version": "1.0.0", "license": "MIT"},
          "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
          "node_modules/alias": {"name": "real", "version": "4.0.0"}}}
        """
    private static let yarnClassic = """
        # yarn lockfile v1


        "@babel/code-frame@^7.0.0", "@babel/code-frame@^7.1.0":
          version "7.22.5"
          resolved "https://registry.yarnpkg.com/x"
          dependencies:
            "@babel/highlight" "^7.22.5"

        alias@npm:real@^1.0.0:
          version "1.0.3"

        left-pad@1.x:
          version "1.3.0"
        """
    private static let yarnBerry = """
        __metadata:
          version: 6
          cacheKey: 8

        "@babel/code-frame@npm:^7.0.0, @babel/code-frame@npm:^7.1.0":
          version: 7.22.5
          resolution: "@babel/code-frame@npm:7.22.5"
          languageName: node
          linkType: hard

        "own@workspace:packages/own":
          version: 0.0.0-use.local
          resolution: "own@workspace:packages/own"
          linkType: soft
        """
    private static let pnpm = """
        lockfileVersion: '6.0'

        importers:
          .:
            dependencies:

        packages:

          /@babel/code-frame@7.22.5:
            resolution: {integrity: sha512-x}
            dev: false

          /left-pad/1.3.0_react@18.0.0:
            resolution: {integrity: sha512-x}

          'right-pad@1.0.1(react@18.0.0)':
            resolution: {integrity: sha512-x}

        snapshots:

          ghost@1.0.0:
            x: 1
        """

    static let locks = [
        ("package-lock.json", lockV1, ["@s/real 4.0.0", "a 1.0.0", "b 2.0.0", "b 3.0.0"]),
        ("npm-shrinkwrap.json", lockV3, ["@s/b 2.0.0", "a 1.0.0", "real 4.0.0"]),
        ("yarn.lock", yarnClassic, ["@babel/code-frame 7.22.5", "left-pad 1.3.0", "real 1.0.3"]),
        ("yarn.lock", yarnBerry, ["@babel/code-frame 7.22.5"]),
        ("pnpm-lock.yaml", pnpm, ["@babel/code-frame 7.22.5", "left-pad 1.3.0", "right-pad 1.0.1"]),
    ]

    @Test(arguments: locks) func lockFileGivesWhatItPins(file: String, text: String, lines: [String]) {
        let found = inventory(of: "app/\(file)", text)
        #expect(Set(found.lines) == Set(lines))
        #expect(found.unreadable.isEmpty)
        #expect(inventory(of: "app/node_modules/x/\(file)", text).packages.isEmpty)
    }

    // A lock file also pins what was never installed (`npm ci --omit=dev`): where there is a node_modules, that counts.
    @Test func installedPackagesComeBeforeTheLockFile() {
        var image = ImageFiles()
        image.add("app/package-lock.json", NodeTests.lockV3)
        image.add("other/package-lock.json", NodeTests.lockV1)
        image.add("app/node_modules/a/package.json", #"{"name":"a","version":"1.0.0"}"#)
        #expect(Set(image.inventory.lines) == ["@s/real 4.0.0", "a 1.0.0", "b 2.0.0", "b 3.0.0"])
        let a = image.inventory.packages.first { $0.name == "a" }
        #expect(a?.locations.map(\.path) == ["app/node_modules/a/package.json", "other/package-lock.json"])
    }

    @Test func lockFileThatTheDistributionShipsPinsNothing() {
        var image = ImageFiles()
        image.add("var/lib/dpkg/status", "Package: x\nStatus: install ok installed\nVersion: 1\n\n")
        image.add("var/lib/dpkg/info/x.list", "/usr/share/x/package-lock.json\n")
        image.add("usr/share/x/package-lock.json", NodeTests.lockV3)
        image.add("usr/share/nodejs/nanoid/pnpm-lock.yaml", NodeTests.pnpm)
        #expect(image.inventory.lines == ["x 1"])
    }

    @Test(arguments: ["yarn.lock", "pnpm-lock.yaml", "package-lock.json"])
    func whatIsNoLockFileIsUnreadable(file: String) {
        #expect(inventory(of: "app/\(file)", "\u{1}garbage:\n").unreadable.count == 1)
    }

    @Test func dependenciesNestedWithoutEndAreUnreadable() {
        let text = String(repeating: #"{"dependencies":{"a":"#, count: 10_000)
        #expect(
            inventory(of: "app/package-lock.json", text).unreadable.map(\.reason) == [
                "dependencies nested deeper than 64"
            ]
        )
    }

    @Test(arguments: locks) func damagedLockFileNeverStopsTheScan(file: String, text: String, lines: [String]) {
        let damage = Damage(path: "app/\(file)", bytes: Array(text.utf8))
        damage.mutate()
    }

    @Test func damagedManifestNeverStopsTheScan() {
        let damage = Damage(path: "node_modules/a/package.json", bytes: Array(NodeTests.manifest.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}
