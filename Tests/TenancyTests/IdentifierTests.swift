import Foundation
import Tenancy
import Testing

@Suite struct IdentifierTests {
    @Test func idsAreLowercase() throws {
        let id = try #require(ProjectID("01890A5D-AC96-774B-BCCE-B302099A8057"))
        #expect(id.description == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect("\(id)" == id.description)
        #expect(ProjectID(id.description) == id)
        for _ in 0..<100 { #expect(OrganizationID().description.allSatisfy { !$0.isUppercase }) }
    }

    @Test(arguments: [
        "", "x", "01890a5d", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805",
        "01890a5d-ac96-774b-bcce-b302099a80577", "01890a5d-ac96-774b-bcce-b302099a805g",
        "{01890a5d-ac96-774b-bcce-b302099a8057}", " 01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8057 ", "01890a5d_ac96_774b_bcce_b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a805é", "' OR 1=1 --", "../../../../../../../../../../../../etc",
    ])
    func textThatIsNoUUIDIsNoId(text: String) {
        #expect(UserID(text) == nil)
    }

    /// Version 7 and the variant of RFC 9562, section 5.7.
    @Test func newIdsAreOfVersion7() {
        for _ in 0..<1_000 {
            let bytes = UUID.version7().uuid
            #expect(bytes.6 >> 4 == 7)
            #expect(bytes.8 >> 6 == 0b10)
        }
    }

    @Test(arguments: [0, 1, 255, 256, 1_700_000_000_123, 281_474_976_710_655] as [UInt64])
    func first48BitsAreTheTimeInMilliseconds(milliseconds: UInt64) {
        // A quarter of a millisecond more, so that the way to Date and back does not round down.
        let now = Date(timeIntervalSince1970: (Double(milliseconds) + 0.25) / 1_000)
        let text = UUID.version7(now: now).uuidString.replacing("-", with: "").prefix(12)
        #expect(UInt64(text, radix: 16) == milliseconds)
    }

    @Test func timeBefore1970IsTakenAs1970() {
        #expect(UUID.version7(now: Date(timeIntervalSince1970: -1)).uuidString.hasPrefix("00000000-0000-7"))
    }

    @Test func laterIdsSortBehindEarlierOnes() {
        let ids = (0..<1_000).map {
            UUID.version7(now: Date(timeIntervalSince1970: 1_700_000_000 + Double($0) / 1_000))
        }
        let texts = ids.map { $0.uuidString.lowercased() }
        #expect(texts == texts.sorted())
    }

    @Test func idsOfOneMillisecondDiffer() {
        let now = Date()
        #expect(Set((0..<10_000).map { _ in UUID.version7(now: now) }).count == 10_000)
    }
}
