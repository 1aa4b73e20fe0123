import ArgumentParser
import Foundation
import Testing

@testable import pratique

@Suite struct KeyLifetimeTests {
    let now = Date(timeIntervalSince1970: 1_800_000_000)

    // Without a word the server decides.
    @Test(arguments: [
        ([], JSONValue.object([:])),
        (["--never-expires"], .object(["neverExpires": .bool(true)])),
        (["--expires-in-days", "30"], .object(["expiresAt": .string("2027-02-14T08:00:00Z")])),
        (["--expires-at", "2027-01-31T00:00:00Z"], .object(["expiresAt": .string("2027-01-31T00:00:00Z")])),
    ])
    func lifetimeIsSentAsTheServerKnowsIt(arguments: [String], body: JSONValue) throws {
        #expect(try KeyLifetime.parse(arguments).adding(to: .object([:]), now: now) == body)
    }

    @Test(arguments: [
        ["--never-expires", "--expires-in-days", "3"], ["--expires-in-days", "0"], ["--expires-in-days", "-1"],
        ["--expires-at", "tomorrow"],
    ])
    func lifetimeThatMakesNoSenseIsWrongUsage(arguments: [String]) throws {
        let error = try #require(throws: (any Error).self) { try KeyLifetime.parse(arguments) }
        #expect(KeyLifetime.exitCode(for: error) == .validationFailure)
    }
}
