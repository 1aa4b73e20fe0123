import Foundation
import Testing

@testable import pratique

/// What of a result is missing is told to people too, and not in JSON only. Source: product.md, promise 4.
@Suite struct ScanCompletenessTests {
    private func missing(_ members: String) throws -> String? {
        try JSONDecoder().decode(ScanCompleteness.self, from: Data("{\(members)}".utf8)).missing
    }

    private func members(
        _ isComplete: Bool = true,
        layers: Int = 2,
        unreadable: [String] = [],
        unknown: [String] = [],
        uncomparable: Int = 0
    ) -> String {
        let files = unreadable.map { #"{"path":"\#($0)","reason":"r"}"# }.joined(separator: ",")
        let names = unknown.map { #""\#($0)""# }.joined(separator: ",")
        return #"""
            "inventoryComplete":\#(isComplete),"layersDone":\#(layers),"layersTotal":2,"unreadable":[\#(files)],
            "unknownEcosystems":[\#(names)],"uncomparablePackages":\#(uncomparable)
            """#
    }

    @Test func wholeResultMissesNothing() throws {
        #expect(try missing(members()) == nil)
    }

    @Test func eachGapIsNamed() throws {
        #expect(try missing(members(false, layers: 1)) == "1 of 2 layers were not read whole")
        #expect(try missing(members(false, unreadable: ["app/a.jar"])) == "app/a.jar cannot be read")
        #expect(try missing(members(false, unreadable: ["a", "b"])) == "2 files cannot be read")
        #expect(try missing(members(false)) == "not every file could be taken into account")
        #expect(try missing(members(unknown: ["Debian:12", "npm"])) == "there are no advisories for Debian:12, npm")
        #expect(try missing(members(uncomparable: 3)) == "3 packages have versions that cannot be compared")
        #expect(
            try missing(members(false, layers: 0, unknown: ["npm"]))
                == "2 of 2 layers were not read whole; there are no advisories for npm"
        )
    }
}
