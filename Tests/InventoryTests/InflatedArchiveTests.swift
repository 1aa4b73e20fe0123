import Foundation
import Layers
import Testing

@testable import Inventory

/// Archives that are compressed in archives are read as they stream past, and nobody can tell by what they give.
@Suite struct InflatedArchiveTests {
    private static func sifted(_ bytes: [UInt8], inPiecesOf count: Int) throws -> (FileReading?, held: Int) {
        var reader = try #require(SiftedArchiveReader(name: "app.war", sizeInBytes: bytes.count))
        var held = 0
        bytes.withUnsafeBytes { whole in
            for start in stride(from: 0, to: whole.count, by: count) {
                reader.read(UnsafeRawBufferPointer(rebasing: whole[start..<min(start + count, whole.count)]))
                held = max(held, reader.heldInBytes)
            }
        }
        return (try reader.finish() as? FileReading, held)
    }

    private static func whole(_ bytes: [UInt8]) throws(UnreadableFile) -> FileReading {
        try bytes.withView { view throws(UnreadableFile) in try JavaArchiveReader.reading(view, name: "app.war") }
    }

    private static func library(_ name: String, classes count: Int = 0) -> [UInt8] {
        var jar = ZipFixture()
        for number in 0..<(count / 50_000) {
            jar.add("C\(number).class", [UInt8](repeating: UInt8(number & 0xFF), count: 50_000), hasDescriptor: true)
        }
        jar.add("META-INF/maven/g/a/pom.properties", "groupId=g\nartifactId=\(name)\nversion=1\n")
        return jar.bytes()
    }

    // The directory read from an archive that is held whole is the truth, and the generator knows what it must be.
    @Test func generatedArchivesGiveTheSameBothWays() throws {
        let seconds = ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_SECONDS"].flatMap(Double.init)
        let end = seconds.map { Date(timeIntervalSinceNow: $0) }
        var seed: UInt64 = 0
        var packages = 0
        while end.map({ Date() < $0 }) ?? (seed < 200) || seed < 200 {
            seed += 1
            var generator = ArchiveGenerator(seed: seed)
            let bytes = generator.archive()
            let whole = try InflatedArchiveTests.whole(bytes)
            let piece = [1, 61, 4096, 65_536][Int(seed % 4)]
            let (reading, _) = try InflatedArchiveTests.sifted(bytes, inPiecesOf: piece)
            let sifted = try #require(reading)
            #expect(Set(whole.packages.map(\.name)) == generator.names, "seed \(seed)")
            packages += whole.packages.count
            if generator.isOpenlyDamaged {
                // What is damaged may swallow what follows; what is missing then is never kept silent about.
                #expect(Set(sifted.packages).isSubset(of: whole.packages), "seed \(seed)")
                #expect(!sifted.problems.isEmpty || sifted.packages == whole.packages, "seed \(seed)")
            } else {
                #expect(sifted.packages == whole.packages, "seed \(seed)")
                #expect(sifted.problems == whole.problems, "seed \(seed)")
            }
        }
        #expect(packages > 200)
    }

    @Test(arguments: [true, false])
    func compressedLibrariesAreNotHeld(hasDescriptor: Bool) throws {
        var war = ZipFixture()
        for number in 0..<8 {
            war.add(
                "WEB-INF/lib/part\(number).jar",
                InflatedArchiveTests.library("part\(number)", classes: 500_000),
                isDeflated: true,
                hasDescriptor: hasDescriptor
            )
        }
        let bytes = war.bytes()
        let (reading, held) = try InflatedArchiveTests.sifted(bytes, inPiecesOf: 65_536)
        #expect(reading?.packages.map(\.name) == (0..<8).map { "part\($0)" })
        #expect(reading?.problems.isEmpty == true)
        #expect(bytes.count > 4_000_000)
        // What was not given back yet: a step of each of the two, and a piece.
        #expect(held < 2_300_000)
    }

    @Test(arguments: [true, false]) func largeLibraryOfASmallArchiveIsSifted(hasDescriptor: Bool) throws {
        let library = InflatedArchiveTests.library("large", classes: 3_000_000)
        #expect(library.count > JavaLimits.siftedFromInBytes)
        var war = ZipFixture()
        war.add("a.jar", library, isDeflated: true, hasDescriptor: hasDescriptor)
        war.add("b.jar", library, isDeflated: true, hasDescriptor: hasDescriptor)
        let whole = try InflatedArchiveTests.whole(war.bytes())
        #expect(whole.packages.map { $0.locations.first?.inner } == ["a.jar", "b.jar"])
        #expect(whole.problems.isEmpty)
    }

    // 258 MB in 1.6 MB, by its own account and not.
    @Test(arguments: [true, false]) func bombsAreNamedAndNotExpanded(hasDescriptor: Bool) throws {
        var jar = ZipFixture()
        let bomb = Deflated.zeros(repeats: 1_000_000)
        jar.add("a.jar", [], size: 258_000_001, data: bomb, method: 8, hasDescriptor: hasDescriptor)
        jar.add("b.jar", [], size: 100, data: bomb, method: 8, hasDescriptor: hasDescriptor)
        jar.add("c.jar", InflatedArchiveTests.library("good"), isDeflated: true, hasDescriptor: hasDescriptor)
        let (reading, held) = try InflatedArchiveTests.sifted(jar.bytes(), inPiecesOf: 65_536)
        #expect(reading?.packages.map(\.name) == ["good"])
        #expect(reading?.problems.first == "a.jar: expands to more than 100663296 bytes")
        #expect(reading?.problems.count == 2)
        #expect(held < 6_000_000)
    }

    @Test func whatAllOfThemExpandToIsLimited() throws {
        var jar = ZipFixture()
        let bomb = Deflated.zeros(repeats: 390_000)
        for number in 0..<6 { jar.add("\(number).jar", [], data: bomb, method: 8, hasDescriptor: true) }
        let (reading, _) = try InflatedArchiveTests.sifted(jar.bytes(), inPiecesOf: 65_536)
        #expect(reading?.problems.count == 6)
        #expect(reading?.problems.last == "5.jar: the archive expands to more than 536870912 bytes")
    }

    // A directory of names alone, and nothing but text: what would have to be held is limited too.
    @Test func archiveThatTellsTooMuchOfItselfIsNamed() throws {
        var inner = ZipFixture()
        let text = [UInt8](repeating: UInt8(ascii: "#"), count: 60_000)
        for number in 0..<430 { inner.add("\(number)/pom.properties", text) }
        var jar = ZipFixture()
        jar.add("a.jar", inner.bytes(), isDeflated: true)
        jar.add("b.jar", InflatedArchiveTests.library("good"), isDeflated: true)
        let (reading, held) = try InflatedArchiveTests.sifted(jar.bytes(), inPiecesOf: 65_536)
        #expect(reading?.packages.map(\.name) == ["good"])
        #expect(reading?.problems == ["a.jar: what it says of itself takes more than 25165824 bytes"])
        #expect(held < JavaLimits.heldOfInnerInBytes + 3_000_000)
    }

    // What stands before it and what the directory says must be the same.
    @Test func archiveWithTwoNamesIsTold() throws {
        var jar = ZipFixture()
        jar.add("a-1.0.jar", InflatedArchiveTests.library("a"), isDeflated: true, localName: "b-2.0.jar")
        let (reading, _) = try InflatedArchiveTests.sifted(jar.bytes(), inPiecesOf: 4096)
        #expect(reading?.packages.isEmpty == true)
        #expect(reading?.problems == ["a-1.0.jar: has two names"])
    }

    // Entries that share one archive would multiply what is in it.
    @Test func archiveIsReadForOneEntry() throws {
        var jar = ZipFixture()
        jar.add("a.jar", InflatedArchiveTests.library("a", classes: 3_000_000), isDeflated: true)
        jar.repeatLast()
        let (reading, _) = try InflatedArchiveTests.sifted(jar.bytes(), inPiecesOf: 4096)
        #expect(reading?.packages.count == 1)
        #expect(reading?.problems == ["a.jar: not where the directory says"])
    }

    @Test func damagedStreamedArchiveNeverStopsTheScan() throws {
        var war = ZipFixture()
        var number = 0
        while war.bytes().count <= JavaLimits.siftedFromInBytes {
            number += 1
            war.add(
                "part\(number).jar",
                InflatedArchiveTests.library("part\(number)", classes: 400_000),
                isDeflated: true
            )
        }
        Damage(path: "a.war", bytes: war.bytes()).mutate(rounds: 20)
    }
}
