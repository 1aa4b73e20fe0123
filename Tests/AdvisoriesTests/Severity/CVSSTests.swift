import Testing

@testable import Advisories

@Suite struct CVSSTests {
    @Test func everySampleHasTheScoreThatItsSourceStates() throws {
        for line in Samples.lines("cvss/vectors.tsv") {
            let fields = line.split(separator: "\t").map(String.init)
            let cvss = try #require(CVSS(fields[1]), "\(line)")
            #expect(cvss.version.rawValue == fields[0])
            #expect(cvss.score == Double(fields[2]), "\(line)")
        }
    }

    // CVSS 2 guide, section 3.3, its three worked examples.
    @Test(arguments: [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8), ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10), ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:N", 0), ("AV:N/AC:L/Au:N/C:P/I:P/A:P/E:POC/RL:OF/RC:C/CDP:LM/TD:H", 7.5),
    ])
    func version2IsItsBaseScore(vector: String, score: Double) {
        #expect(CVSS(vector)?.score == score)
        #expect(CVSS(vector)?.version == .two)
    }

    // CVSS 3.1, examples document; scope changed and unchanged; temporal and environmental metrics leave the base score alone.
    @Test(arguments: [
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4), ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10), ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/MAV:P/MC:N", 9.8),
    ])
    func version3IsItsBaseScore(vector: String, score: Double) {
        #expect(CVSS(vector)?.score == score)
    }

    // CVSS 4.0, examples document.
    @Test(arguments: [
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.8),
    ])
    func version4IsItsInterpolatedScore(vector: String, score: Double) {
        #expect(CVSS(vector)?.score == score)
    }

    @Test func version4CountsThreatAndEnvironmentAndLeavesSupplementsOut() {
        let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
        #expect(CVSS(base)?.score == 9.3)
        #expect(CVSS(base + "/E:U")?.score == 8.1)
        #expect(CVSS(base + "/MVC:N/MVI:N/MVA:N")?.score == 0)
        #expect(CVSS(base + "/MSI:S")?.score == 10)
        #expect(CVSS(base + "/S:P/AU:Y/R:U/V:C/RE:M/U:Red")?.score == 9.3)
    }

    @Test(arguments: [
        "", "/", "CVSS:3.1/", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X",
        "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:5.0/AV:N", "AV:N/AC:L/AU:N/C:P/I:P/A:P",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:Z", "cvss:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "7.5",
        "CVSS:3.1/AV:N:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "HIGH",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",
    ])
    func malformedVectorIsNil(vector: String) {
        #expect(CVSS(vector) == nil)
    }

    @Test func vectorBeyondTheLimitIsNil() {
        #expect(CVSS("CVSS:3.1/" + String(repeating: "AV:N/", count: 100_000)) == nil)
    }

    @Test func mutatedVectorsNeverTrap() {
        var generator = SeededGenerator(seed: 9)
        let seeds = [
            "AV:A/AC:L/Au:S/C:P/I:P/A:P", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/AU:Y/R:U/V:C/RE:M/U:Red",
        ]
        for _ in 0..<5_000 {
            var bytes = Array(seeds.randomElement(using: &generator).map { $0.utf8 } ?? "".utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let cvss = CVSS(String(decoding: bytes, as: UTF8.self)) { #expect((0...10).contains(cvss.score)) }
        }
    }
}
