import Layers
import Testing

@testable import Inventory

/// Databases of rpm are held in part while they stream past, and what they give is what is in them.
@Suite struct RPMStreamTests {
    static let formats = ["native", "berkeley", "sqlite"]

    private static func package(_ number: Int, version: Int = 1, ballast: Int) -> RPMFixture {
        RPMFixture(
            name: "package-\(number)",
            version: "\(version)",
            release: "1",
            source: "package-\(number)-\(version)-1.src.rpm",
            files: (0..<20).map { "/usr/lib/\(number)/file\($0)" },
            ballast: ballast,
            hasMark: true
        )
    }

    private static func database(_ format: String, _ packages: [RPMFixture]) -> [UInt8] {
        switch format {
        case "native": RPMFixture.native(packages)
        case "berkeley": RPMFixture.berkeley(packages, pageSize: 4096)
        default: RPMFixture.sqlite(packages, statements: [RPMFixture.table] + indexes)
        }
    }

    /// Of the kind that rpm makes beside its packages.
    private static let indexes = [
        "CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)",
        "CREATE INDEX 'Name_key_idx' ON 'Name'(key ASC)",
        """
        CREATE TRIGGER fill AFTER INSERT ON Packages BEGIN
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
        INSERT INTO Name SELECT 'a-name-of-package-' || new.hnum || '-' || i, new.hnum, i FROM n; END
        """,
    ]

    private static func streamed(_ bytes: [UInt8], inPiecesOf count: Int = 4096) throws -> (FileReading, held: Int) {
        var reader = try #require(RPMDatabaseReader(sizeInBytes: bytes.count))
        var held = 0
        bytes.withUnsafeBytes { whole in
            for start in stride(from: 0, to: whole.count, by: count) {
                reader.read(UnsafeRawBufferPointer(rebasing: whole[start..<min(start + count, whole.count)]))
                held = max(held, reader.heldInBytes)
            }
        }
        return (try #require(try reader.finish() as? FileReading), held)
    }

    @Test(arguments: formats) func largeDatabaseIsNotHeld(format: String) throws {
        let packages = (0..<60).map { RPMStreamTests.package($0, ballast: 20_000 + 3_000 * $0) }
        let bytes = RPMStreamTests.database(format, packages)
        #expect(bytes.count > 6_000_000)
        let (reading, held) = try RPMStreamTests.streamed(bytes)
        #expect(reading.packages.map(\.name) == packages.map(\.name))
        #expect(reading.ownership.count == 60)
        #expect(reading.problems.isEmpty)
        // A package, what is given back at once, and pages that stay.
        #expect(held < 2_000_000)
    }

    @Test(arguments: formats, [1, 61, 65_536]) func piecesDoNotMatter(format: String, piece: Int) throws {
        let packages = (0..<9).map { RPMStreamTests.package($0, ballast: $0 * 700) }
        let (reading, _) = try RPMStreamTests.streamed(RPMStreamTests.database(format, packages), inPiecesOf: piece)
        #expect(reading.packages.map(\.name) == packages.map(\.name))
        #expect(reading.problems.isEmpty)
    }

    // rpm removes and adds rows, and SQLite takes pages again in any order, with what was in them still there.
    @Test(arguments: [512, 1024, 4096], ["NONE", "FULL"])
    func changedDatabaseGivesWhatIsLeft(pageSize: Int, vacuum: String) throws {
        for seed in UInt64(1)...12 {
            var numbers = SeededNumbers(seed: seed)
            var changes: [String] = []
            var left = Set(1...30)
            var copies: [Int: Int] = [:]
            var next = 31
            for _ in 0..<25 {
                guard let row = left.sorted().randomElement(using: &numbers) else { break }
                // A copy has the very same chain, the longer one another.
                if Bool.random(using: &numbers) {
                    changes.append(
                        "INSERT INTO Packages(hnum, blob) SELECT \(next), blob FROM Packages WHERE hnum = \(row)"
                    )
                    copies[next] = copies[row] ?? row
                    left.insert(next)
                    next += 1
                } else {
                    changes.append("DELETE FROM Packages WHERE hnum = \(row)")
                    changes.append("DELETE FROM Name WHERE hnum = \(row)")
                    left.remove(row)
                }
            }
            let packages = (1...30).map { number in
                RPMStreamTests.package(number, ballast: Int.random(in: 0...9_000, using: &numbers))
            }
            let bytes = RPMFixture.sqlite(
                packages,
                statements: [
                    "PRAGMA page_size = \(pageSize)", "PRAGMA auto_vacuum = \(vacuum)", "PRAGMA secure_delete = OFF",
                    RPMFixture.table,
                ] + RPMStreamTests.indexes,
                changes: changes
            )
            let (reading, _) = try RPMStreamTests.streamed(bytes)
            #expect(reading.packages.map(\.name) == left.sorted().map { "package-\(copies[$0] ?? $0)" }, "seed \(seed)")
            #expect(reading.problems.isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: UInt64(1)...8) func chainsInAnyOrderAreFollowed(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let packages = (0..<30).map { RPMStreamTests.package($0, ballast: 1_000 * ($0 % 7)) }
        let bytes = RPMFixture.berkeley(packages, pageSize: 4096) { $0.shuffled(using: &numbers) }
        let (reading, _) = try RPMStreamTests.streamed(bytes)
        #expect(reading.packages.map(\.name) == packages.map(\.name))
        #expect(reading.problems.isEmpty)
    }

    @Test(arguments: formats) func damagedLargeDatabaseNeverStopsTheScan(format: String) {
        let packages = (0..<20).map { RPMStreamTests.package($0, ballast: 6_000) }
        let bytes = RPMStreamTests.database(format, packages)
        let path = ["native": "Packages.db", "berkeley": "Packages"][format] ?? "rpmdb.sqlite"
        let damage = Damage(path: "var/lib/rpm/\(path)", bytes: bytes)
        damage.cutAnywhere(steps: 100)
        damage.mutate(rounds: 150)
    }

    @Test func headerIsSoundOnlyWhole() {
        let header = RPMStreamTests.package(1, ballast: 100).header
        var other = header
        other[other.count - 5] ^= 1
        let isSound = header.withUnsafeBytes { RPMHeader.isSound(ByteView($0)) }
        let isOtherSound = other.withUnsafeBytes { RPMHeader.isSound(ByteView($0)) }
        let isShorterSound = header.dropLast().withUnsafeBytes { RPMHeader.isSound(ByteView($0)) }
        #expect(isSound)
        #expect(!isOtherSound)
        #expect(!isShorterSound)
    }
}
