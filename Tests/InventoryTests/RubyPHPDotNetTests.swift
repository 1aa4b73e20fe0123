import Inventory
import Testing

@Suite struct RubyTests {
    private static let gemspec = """
        # -*- encoding: utf-8 -*-
        # stub: nokogiri 1.15.4 x86_64-linux lib

        Gem::Specification.new do |s|
          s.name = "nokogiri".freeze
          s.version = "1.15.4"
          s.platform = Gem::Platform.new(["x86_64".freeze, "linux".freeze, nil])
          s.licenses = ["MIT".freeze, 'Ruby']
          s.version_requirements = "2" # no version
        end
        """

    @Test(arguments: ["specifications/a.gemspec", "usr/lib/ruby/gems/3.0.0/specifications/default/a.gemspec"])
    func installedGemIsRead(path: String) {
        let found = inventory(of: path, RubyTests.gemspec)
        #expect(found.lines == ["nokogiri 1.15.4"])
        #expect(found.packages.first?.licenses == ["MIT", "Ruby"])
    }

    @Test func gemspecOfASourceTreeIsNotInstalled() {
        #expect(inventory(of: "gems/nokogiri-1.15.4/nokogiri.gemspec", RubyTests.gemspec).packages.isEmpty)
    }

    @Test(arguments: [
        ("s.name = \"a\"", "names no gem"), ("Gem::Specification.new do |s|\ns.name = 'a'\n", "a has no version"),
    ])
    func gemspecThatIsAnotherProgramIsUnreadable(text: String, reason: String) {
        #expect(inventory(of: "specifications/a.gemspec", text).unreadable.map(\.reason) == [reason])
    }

    @Test func damagedGemspecNeverStopsTheScan() {
        let damage = Damage(path: "specifications/a.gemspec", bytes: Array(RubyTests.gemspec.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}

@Suite struct PHPTests {
    private static let packages = """
        [{"name": "symfony/console", "version": "v5.4.0", "license": ["MIT"], "extra": {"a": [[]]}},
         {"name": "alone", "version": "1.0"}]
        """

    // Version 1 is the list itself, version 2 an object around it.
    @Test(arguments: [packages, "{\"packages\": \(packages), \"dev\": true, \"dev-package-names\": []}"])
    func bothVersionsAreRead(text: String) {
        let found = inventory(of: "app/vendor/composer/installed.json", text)
        #expect(found.lines == ["alone 1.0", "symfony/console v5.4.0"])
        #expect(found.packages.map(\.licenses) == [[], ["MIT"]])
    }

    @Test func packageWithoutVersionIsNamed() {
        let found = inventory(
            of: "vendor/composer/installed.json",
            #"[{"name": "a/b"}, {"name": "c/d", "version": "1"}]"#
        )
        #expect(found.lines == ["c/d 1"])
        #expect(found.unreadable.map(\.reason) == ["a/b has no version"])
    }

    @Test func damagedListNeverStopsTheScan() {
        let damage = Damage(path: "vendor/composer/installed.json", bytes: Array(PHPTests.packages.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}

@Suite struct DotNetTests {
    private static let deps = """
        {"targets": {}, "libraries": {
          "App/1.0.0": {"type": "project"},
          "Newtonsoft.Json/13.0.1": {"type": "package", "serviceable": true},
          "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"}}}
        """

    @Test func packagesAndRuntimePacksAreRead() {
        let found = inventory(of: "app/App.deps.json", DotNetTests.deps)
        #expect(found.lines == ["Microsoft.NETCore.App.Runtime.linux-x64 8.0.1", "Newtonsoft.Json 13.0.1"])
        #expect(inventory(of: "app/deps.json", DotNetTests.deps).packages.isEmpty)
    }

    @Test func damagedListNeverStopsTheScan() {
        let damage = Damage(path: "app/App.deps.json", bytes: Array(DotNetTests.deps.utf8))
        damage.cutAnywhere()
        damage.mutate()
    }
}
