import Testing

@testable import Advisories

@Suite struct AdvisoryDateTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2024-02-29T12:34:56Z", 1_709_210_096), ("2000-03-01T00:00:00Z", 951_868_800),
        ("1969-12-31T23:59:59Z", -1), ("2024-01-01T00:00:00.999999999Z", 1_704_067_200), ("2024-01-01", 1_704_067_200),
        ("2024-01-01T02:00:00+02:00", 1_704_067_200), ("2025-02-20T00:00:00+0000", 1_740_009_600),
        ("0001-01-01T00:00:00Z", -62_135_596_800),
    ])
    func momentOfATime(text: String, seconds: Int64) {
        #expect(AdvisoryDate(text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2024", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "24-01-01T00:00:00Z", "yesterday", "2024-01-01T00:00Z",
    ])
    func otherTextIsNil(text: String) {
        #expect(AdvisoryDate(text) == nil)
    }

    @Test(arguments: ["2024-02-29T12:34:56Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2099-12-31T23:59:59Z"])
    func descriptionReadsBack(text: String) {
        #expect(AdvisoryDate(text)?.description == text)
    }

    @Test func fractionsOrderTimesOfOneSecond() throws {
        let early = try #require(AdvisoryDate("2024-01-01T00:00:00.1Z"))
        let late = try #require(AdvisoryDate("2024-01-01T00:00:00.123456Z"))
        #expect(early < late)
    }

    @Test func yearOneIsNoDateThatAnybodyKnows() {
        #expect(AdvisoryDate("0001-01-01T00:00:00Z")?.isKnown == false)
        #expect(AdvisoryDate("2024-01-01T00:00:00Z")?.isKnown == true)
    }
}
