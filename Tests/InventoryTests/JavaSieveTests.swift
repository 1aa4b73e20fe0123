import Layers
import Testing

@testable import Inventory

/// Large archives are held in part, and nobody can tell by what they give.
@Suite struct JavaSieveTests {
    private static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
    }

    private static func properties(_ name: String) -> [UInt8] {
        Array("version=1.0\ngroupId=org.example\nartifactId=\(name)\n".utf8)
    }

    /// A library with `count` bytes of classes, half of them before what names it.
    private static func library(_ name: String, classes count: Int, hasDescriptors: Bool) -> [UInt8] {
        var jar = ZipFixture()
        func addClasses(_ part: String, seed: UInt64) {
            for number in 0..<4 {
                jar.add(
                    "org/example/\(part)\(number).class",
                    noise(count / 8, seed: seed &+ UInt64(number)),
                    isDeflated: true,
                    hasDescriptor: hasDescriptors
                )
            }
        }
        addClasses("A", seed: 1)
        jar.add(
            "META-INF/MANIFEST.MF",
            Array("Manifest-Version: 1.0\n".utf8),
            isDeflated: true,
            hasDescriptor: hasDescriptors
        )
        jar.add(
            "META-INF/maven/org.example/\(name)/pom.properties",
            properties(name),
            isDeflated: true,
            hasDescriptor: hasDescriptors
        )
        jar.add("META-INF/maven/org.example/\(name)/pom.xml", noise(9_000, seed: 5), hasDescriptor: hasDescriptors)
        addClasses("B", seed: 9)
        return jar.bytes()
    }

    /// An application: libraries in it as they are, and compressed in a way that leaves their own headers in sight.
    private static func application(hasDescriptors: Bool) -> [UInt8] {
        var war = ZipFixture(lead: "#!/bin/sh\nexec java -jar $0\n")
        war.add("WEB-INF/classes/data.bin", noise(700_000, seed: 77), hasDescriptor: hasDescriptors)
        for (number, isDeflated) in [false, true, false, true].enumerated() {
            war.add(
                "WEB-INF/lib/part\(number)-1.0.jar",
                library("part\(number)", classes: isDeflated ? 100_000 : 1_600_000, hasDescriptors: hasDescriptors),
                isDeflated: isDeflated,
                hasDescriptor: hasDescriptors
            )
        }
        war.add("WEB-INF/lib/broken.jar", Array("no zip".utf8), hasDescriptor: hasDescriptors)
        return war.bytes(comment: "a comment")
    }

    private static func parse(_ bytes: ByteView) throws(UnreadableFile) -> FileReading {
        try JavaArchiveReader.reading(bytes, name: "app.war")
    }

    private static func sifted(_ bytes: [UInt8], inPiecesOf count: Int) throws -> (FileReading?, givenBack: Int) {
        var reader = try #require(SiftedArchiveReader(name: "app.war", sizeInBytes: bytes.count))
        bytes.withUnsafeBytes { whole in
            var start = 0
            while start < whole.count {
                let end = min(start + count, whole.count)
                reader.read(UnsafeRawBufferPointer(rebasing: whole[start..<end]))
                start = end
            }
        }
        return (try reader.finish() as? FileReading, reader.bytes.givenBackInBytes)
    }

    @Test(arguments: [true, false], [61, 65_536])
    func outcomeIsThatOfAnArchiveHeldWhole(hasDescriptors: Bool, piece: Int) throws {
        let bytes = JavaSieveTests.application(hasDescriptors: hasDescriptors)
        let whole = try bytes.withView(JavaSieveTests.parse)
        let (sifted, givenBack) = try JavaSieveTests.sifted(bytes, inPiecesOf: piece)
        #expect(whole.packages.map(\.name) == ["part0", "part1", "part2", "part3"])
        #expect(sifted?.packages == whole.packages)
        #expect(sifted?.problems == whole.problems)
        #expect(whole.problems == ["WEB-INF/lib/broken.jar: no zip archive, or cut off"])
        // All but the pages at the edges.
        #expect(givenBack > 3_900_000)
        #expect(bytes.count - givenBack < 130_000)
    }

    @Test func largeArchiveOfALayerIsSifted() {
        let bytes = JavaSieveTests.application(hasDescriptors: true)
        #expect(bytes.count > JavaLimits.siftedFromInBytes)
        let found = inventory(of: "opt/app.war", bytes)
        #expect(found.lines == (0..<4).map { "org.example:part\($0) 1.0" })
    }

    // What stands before a content says that it tells nothing, and the directory says that it does.
    @Test func archiveThatHidesItsContentIsTold() throws {
        var jar = ZipFixture()
        jar.add("a.class", JavaSieveTests.noise(10_000, seed: 3))
        let text = JavaSieveTests.properties("hidden") + Array(repeating: UInt8(ascii: "\n"), count: 20_000)
        jar.add("META-INF/maven/g/a/pom.properties", text, localName: "META-INF/maven/g/a/pom.property.s")
        jar.add("b.class", JavaSieveTests.noise(10_000, seed: 4))
        let (reading, _) = try JavaSieveTests.sifted(jar.bytes(), inPiecesOf: 4096)
        #expect(reading?.packages.isEmpty == true)
        #expect(reading?.problems.count == 1)
    }

    @Test func noiseIsNoArchive() throws {
        #expect(throws: UnreadableFile.self) {
            try JavaSieveTests.sifted(JavaSieveTests.noise(3_000_000, seed: 8), inPiecesOf: 65_536)
        }
    }

    // Cut anywhere, it is an archive or none, and nothing traps.
    @Test func cutArchiveIsUnreadable() throws {
        let bytes = JavaSieveTests.library("part", classes: 40_000, hasDescriptors: true)
        for length in stride(from: 1, to: bytes.count - 1, by: 379) {
            #expect(throws: UnreadableFile.self) {
                try JavaSieveTests.sifted(Array(bytes.prefix(length)), inPiecesOf: 4096)
            }
        }
    }
}
