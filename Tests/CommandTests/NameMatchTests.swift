import Testing

@testable import pratique

@Suite struct NameMatchTests {
    struct Thing: Sendable {
        let id: ResourceID
        let name: String
    }

    let things: [Thing]

    init() throws {
        things = try ["shop", "twin", "twin"].enumerated().map { index, name in
            Thing(id: try #require(ResourceID("0198c0de-0000-7000-8000-00000000000\(index)")), name: name)
        }
    }

    private func find(_ given: String) throws -> Thing {
        try NameMatch.find(given, in: things, noun: "thing", id: \.id, name: \.name)
    }

    @Test func thingIsFoundByNameAndByIdInAnyCase() throws {
        #expect(try find("shop").id == things[0].id)
        #expect(try find("0198C0DE-0000-7000-8000-000000000002").id == things[2].id)
    }

    @Test func nameOfSeveralIsAnErrorThatListsTheIds() throws {
        let failure = try #require(throws: CommandFailure.self) { try find("twin") }
        #expect(failure.wording.contains("\(things[1].id)"))
        #expect(failure.wording.contains("\(things[2].id)"))
    }

    @Test func unknownNameIsAnErrorThatNamesTheKnown() throws {
        let failure = try #require(throws: CommandFailure.self) { try find("Shop") }
        #expect(failure.wording.contains("there is: shop, twin"))
    }

    @Test func choiceIsMadeOnlyWhereThereIsNone() throws {
        func only(_ things: [Thing]) throws -> Thing {
            try NameMatch.only(in: things, noun: "thing", flag: "--thing", id: \.id, name: \.name)
        }
        #expect(try only([things[0]]).id == things[0].id)
        let failure = try #require(throws: CommandFailure.self) { try only(things) }
        #expect(failure.exitCode == 64)
        #expect(failure.wording.contains("\(things[0].id)  shop"))
        #expect(throws: CommandFailure.self) { try only([]) }
    }
}
