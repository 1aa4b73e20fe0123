import Foundation
import Testing

@testable import Advisories

/// All of the real data beside the repository; passes where there is none.
@Suite struct SampleDatabaseTests {
    private struct Sample {
        let directory: TemporaryDirectory
        let path: String
        let report: AdvisoryImportReport
    }

    /// Imported once for all tests here.
    private static let sample = Task<Sample?, any Error> {
        guard let source = Samples.path("osv") else { return nil }
        let directory = try TemporaryDirectory()
        let path = directory.file("db")
        let report = try await AdvisoryImport(into: path).run([.path(source)])
        return Sample(directory: directory, path: path, report: report)
    }

    @Test func everyRecordIsTakenIn() async throws {
        guard let sample = try await SampleDatabaseTests.sample.value else { return }
        #expect(sample.report.damaged == 0)
        #expect(sample.report.added == 32_019)
        // Copies in `small` of records that the archives have.
        #expect(sample.report.unchanged == 340)
        #expect(sample.report.withdrawn == 304)
        // 476 entries of 1,206 are notices; ten of their records are withdrawn.
        #expect(sample.report.informational == 466)
        #expect(sample.report.knownExploited == 1_404)
    }

    @Test func secondImportChangesNothing() async throws {
        guard let sample = try await SampleDatabaseTests.sample.value, let source = Samples.path("osv/crates.io") else {
            return
        }
        let copy = sample.directory.file("copy")
        try FileManager.default.copyItem(atPath: sample.path, toPath: copy)
        let report = try await AdvisoryImport(into: copy).run([.path(source)])
        #expect(report.unchanged == 1_206)
        #expect(report.added + report.replaced == 0)
        let before = try AdvisoryDatabase(path: sample.path).status()
        let after = try AdvisoryDatabase(path: copy).status()
        #expect(before.ecosystems == after.ecosystems)
    }

    @Test func statusCountsEveryEcosystem() async throws {
        guard let sample = try await SampleDatabaseTests.sample.value else { return }
        let status = try AdvisoryDatabase(path: sample.path).status()
        let counts = Dictionary(uniqueKeysWithValues: status.ecosystems.map { ($0.ecosystem, $0.records) })
        // 7,080 records, 269 of them withdrawn.
        #expect((6_700...6_900).contains(counts["PyPI"] ?? 0))
        #expect((4_250...4_300).contains(counts["Go"] ?? 0))
        #expect((counts["Debian:12"] ?? 0) >= 4_251)
        #expect(status.knownExploited?.version == "2025.08.25")
        #expect(status.epss?.date?.description == "2025-12-26T12:55:00Z")
        #expect(status.newestModified.map { $0 <= .now } == true)
    }

    // The README of the data names these: what Debian published, and what is open.
    @Test(
        arguments: [
            ("Debian:12", "curl", "7.88.1-10+deb12u3", "CVE-2023-38545", "7.88.1-10+deb12u4"),
            ("Debian:12", "glibc", "2.36-9+deb12u2", "CVE-2023-4911", "2.36-9+deb12u3"),
            ("Debian:12", "openssl", "3.0.11-1~deb12u1", "CVE-2023-5363", "3.0.11-1~deb12u2"),
            ("Debian:12", "util-linux", "2.38.1-5+b1", "CVE-2024-28085", "2.38.1-5+deb12u1"),
            ("Debian:12", "apt", "2.6.1", "CVE-2011-3374", nil),
            ("PyPI", "PyYAML", "5.3", "CVE-2020-14343", "5.4"),
            ("crates.io", "smallvec", "1.6.0", "CVE-2021-25900", "1.6.1"),
            ("AlmaLinux:9", "bash", "5.1.8-2.el9", nil, nil),
        ] as [(String, String, String, String?, String?)]
    )
    func knownFlawsAreFound(ecosystem: String, name: String, version: String, id: String?, fix: String?) async throws {
        guard let sample = try await SampleDatabaseTests.sample.value else { return }
        let database = try AdvisoryDatabase(path: sample.path)
        let matches = try database.match([AdvisoryQuery(ecosystem: ecosystem, name: name, version: version)]).matches
        guard let id else { return #expect(Set(matches.map(\.advisory.id)).count == matches.count) }
        let match = try #require(matches.first { $0.advisory.id == id || $0.advisory.aliases.contains(id) }, "\(id)")
        #expect(match.fixedIn == fix)
    }

    /// Every record must be found by what it says itself: the version before a fix is affected, the fix is not.
    @Test func everyFixOfPyPIEndsItsOwnRange() async throws {
        guard let sample = try await SampleDatabaseTests.sample.value, let small = Samples.path("osv/small/PyPI") else {
            return
        }
        let database = try AdvisoryDatabase(path: sample.path)
        var checked = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: small).sorted() {
            let bytes = Array(FileManager.default.contents(atPath: "\(small)/\(name)") ?? Data())
            guard let record = try OSVReader.read(bytes), !record.isWithdrawn else { continue }
            for entry in record.affected {
                guard let package = entry.package, let range = entry.ranges.first(where: { $0.type == "ECOSYSTEM" }),
                    range.events.count == 2, let fixed = range.events.first(where: { $0.kind == .fixed })?.version,
                    entry.ranges.count == 1, !entry.versions.contains(fixed)
                else {
                    continue
                }
                func records(_ version: String) throws -> [String] {
                    try database.match([AdvisoryQuery(ecosystem: "PyPI", name: package.name, version: version)]).matches
                        .flatMap(\.advisory.records)
                }
                #expect(try !records(fixed).contains(record.id), "\(record.id) \(fixed)")
                if let version = entry.versions.last {
                    #expect(try records(version).contains(record.id), "\(record.id)")
                }
                checked += 1
            }
        }
        #expect(checked > 20)
    }
}
