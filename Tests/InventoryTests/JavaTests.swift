import Inventory
import Testing

@Suite struct JavaTests {
    private static let properties =
        "#Generated\nversion=2.14.1\ngroupId=org.apache.logging.log4j\nartifactId=log4j-core\n"
    private static let path = "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties"

    private static func log4j(isDeflated: Bool = false) -> [UInt8] {
        var jar = ZipFixture()
        jar.add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Version: 9\n", isDeflated: isDeflated)
        jar.add(path, properties, isDeflated: isDeflated)
        return jar.bytes()
    }

    @Test(arguments: [true, false]) func mavenPropertiesNameThePackage(isDeflated: Bool) {
        let found = inventory(of: "opt/lib/renamed.jar", JavaTests.log4j(isDeflated: isDeflated), mode: 0o755)
        #expect(found.lines == ["org.apache.logging.log4j:log4j-core 2.14.1"])
        #expect(found.packages.first?.locations == [Package.Location(path: "opt/lib/renamed.jar", layer: 0)])
        #expect(found.unreadable.isEmpty)
    }

    @Test(arguments: [true, false]) func archivesInsideAreOpened(isDeflated: Bool) {
        var war = ZipFixture(lead: "#!/bin/sh\nexec java -jar $0\n")
        war.add("WEB-INF/lib/log4j-core-2.14.1.jar", JavaTests.log4j(), isDeflated: isDeflated)
        war.add("WEB-INF/lib/broken.jar", Array("no zip".utf8))
        var ear = ZipFixture()
        ear.add("app.war", war.bytes(comment: "a comment"), isDeflated: isDeflated)
        let found = inventory(of: "opt/app.ear", ear.bytes())
        #expect(found.lines == ["org.apache.logging.log4j:log4j-core 2.14.1"])
        let inner = "app.war!/WEB-INF/lib/log4j-core-2.14.1.jar"
        #expect(found.packages.first?.locations == [Package.Location(path: "opt/app.ear", layer: 0, inner: inner)])
        #expect(found.unreadable.map(\.reason) == ["app.war!/WEB-INF/lib/broken.jar: no zip archive, or cut off"])
    }

    @Test func offsetsThatDoNotCountTheLeadAreUnderstood() {
        var jar = ZipFixture()
        jar.add(JavaTests.path, JavaTests.properties)
        let lead = Array("#!/bin/sh\n".utf8)
        #expect(inventory(of: "a.jar", lead + jar.bytes()).lines == ["org.apache.logging.log4j:log4j-core 2.14.1"])
    }

    // Without properties: the manifest gives the group, the file's name the rest.
    @Test(
        arguments: [
            (
                "commons-io-2.6.jar", "Bundle-SymbolicName: org.apache.commons.io;singleton:=true",
                ["org.apache.commons:commons-io 2.6"]
            ),
            ("spring-core-5.3.9.RELEASE.jar", "Implementation-Title: spring-core", ["spring-core 5.3.9.RELEASE"]),
            ("guava-31.1-jre.jar", "Automatic-Module-Name: com.google.guava", ["com.google:guava 31.1-jre"]),
            ("a-1.0.jar", "Implementation-Vendor-Id: org.exa\n mple", ["org.example:a 1.0"]),
            ("asm.jar", "Bundle-SymbolicName: org.ow2.asm\nBundle-Version: 9.2.0", ["org.ow2:asm 9.2.0"]),
            ("app.jar", "Main-Class: App\nImplementation-Version: 1.0", []),
            ("service-1.0.war", "Implementation-Version: 1.0", []),
        ]
    )
    func manifestAndFileNameAreTheNextBest(file: String, manifest: String, lines: [String]) {
        var jar = ZipFixture()
        jar.add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\(manifest)\n\nName: x\nBundle-SymbolicName: no\n")
        #expect(inventory(of: "lib/\(file)", jar.bytes()).lines == lines)
    }

    // A shaded archive has the properties of what it swallowed; its own manifest says what else it is.
    @Test func shadedArchiveIsAPackageBesideWhatIsInIt() {
        var jar = ZipFixture()
        jar.add("META-INF/MANIFEST.MF", "Bundle-SymbolicName: com.google.inject\nBundle-Version: 4.2.3\n")
        jar.add("META-INF/maven/cglib/cglib/pom.properties", "version=3.2.12\ngroupId=cglib\nartifactId=cglib\n")
        #expect(
            inventory(of: "lib/guice.jar", jar.bytes()).lines == [
                "cglib:cglib 3.2.12", "com.google.inject:guice 4.2.3",
            ]
        )
    }

    @Test func projectFileGivesTheGroup() {
        var jar = ZipFixture()
        jar.add("META-INF/maven/org.slf4j/slf4j-api/pom.xml", "<project/>")
        #expect(inventory(of: "lib/slf4j-api-1.7.30.jar", jar.bytes()).lines == ["org.slf4j:slf4j-api 1.7.30"])
    }

    @Test func nestingEndsSomewhere() {
        var bytes = JavaTests.log4j()
        for _ in 0..<10 {
            var jar = ZipFixture()
            jar.add("in.jar", bytes)
            bytes = jar.bytes()
        }
        let found = inventory(of: "a.jar", bytes)
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.map(\.reason) == ["in.jar!/in.jar!/in.jar!/in.jar: nested too deeply"])
    }

    @Test func bombsAreNamedAndNotExpanded() {
        var jar = ZipFixture()
        // 258 MB in 1.6 MB, by its own account and not.
        let bomb = Deflated.zeros(repeats: 1_000_000)
        jar.add("a.jar", [], size: 258_000_001, data: bomb, method: 8)
        jar.add("b.jar", [], size: 100, data: bomb, method: 8)
        let found = inventory(of: "bomb.jar", jar.bytes())
        #expect(found.unreadable.map(\.reason) == ["a.jar: expands to more than 100663296 bytes", "b.jar: damaged"])
    }

    @Test func entriesThatCannotBeReadAreNamed() {
        var jar = ZipFixture()
        jar.add("x/pom.properties", Array("a".utf8), isEncrypted: true)
        jar.add("y/pom.properties", Array("a".utf8), method: 93)
        jar.add("z/pom.properties", Array("a".utf8), data: Array("b".utf8))
        #expect(
            inventory(of: "a.jar", jar.bytes()).unreadable.map(\.reason) == [
                "x/pom.properties: encrypted", "y/pom.properties: compressed in a way that is not known (93)",
                "z/pom.properties: its check sum is wrong",
            ]
        )
    }

    @Test(arguments: [[], Array("version https://git-lfs.github.com".utf8)] as [[UInt8]])
    func whatIsNoArchiveIsUnreadable(bytes: [UInt8]) {
        #expect(inventory(of: "a.jar", bytes).unreadable.map(\.reason) == ["no zip archive, or cut off"])
    }

    /// A size that no file has is damage, and told.
    @Test func impossibleSizeInADirectoryIsUnreadable() {
        func found(_ size: UInt64) -> [String] {
            var jar = ZipFixture()
            jar.add(JavaTests.path, Array(JavaTests.properties.utf8), wideSize: size)
            return inventory(of: "a.jar", jar.bytes()).unreadable.map(\.reason)
        }
        #expect(found(UInt64(JavaTests.properties.utf8.count)).isEmpty)
        #expect(found(UInt64.max) == ["the archive's directory is damaged"])
    }

    @Test(arguments: [true, false]) func damagedArchiveNeverStopsTheScan(isDeflated: Bool) {
        var war = ZipFixture()
        war.add("WEB-INF/lib/log4j-core-2.14.1.jar", JavaTests.log4j(isDeflated: isDeflated), isDeflated: isDeflated)
        war.add(JavaTests.path, JavaTests.properties, isDeflated: isDeflated)
        let damage = Damage(path: "a.war", bytes: war.bytes())
        damage.cutAnywhere()
        damage.mutate(rounds: 1000)
    }
}
