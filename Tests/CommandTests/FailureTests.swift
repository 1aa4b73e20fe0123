import ArgumentParser
import Testing

@testable import pratique

@Suite struct FailureTests {
    @Test func failureOfTheServerSaysMessageFieldsHintAndRequest() {
        let failure = APIFailure(
            status: 400,
            code: "validation-failed",
            message: "the body is wrong",
            fieldErrors: [
                .init(field: "harborUrl", message: "must be https"), .init(field: "name", message: "too long"),
            ],
            hint: "look at the fields",
            requestID: "r-1"
        )
        #expect(
            failure.wording == """
                error: the body is wrong
                  harborUrl: must be https
                  name: too long
                hint: look at the fields
                request: r-1
                """
        )
        #expect(FailureReport(failure).exitCode == 1)
    }

    @Test func failureOfTheServerCannotWriteOnTheTerminal() {
        let failure = APIFailure(
            status: 400,
            code: nil,
            message: "a\u{1B}[2Jb\nerror: c",
            fieldErrors: [.init(field: "f\u{1B}", message: "m\u{9B}")],
            hint: "h\u{07}",
            requestID: "r\u{1B}"
        )
        #expect(failure.wording == "error: a[2Jb error: c\n  f: m\nhint: h\nrequest: r")
    }

    @Test func ownFailuresAreCodedByWhoseFaultTheyAre() {
        #expect(FailureReport(CommandFailure("x", hint: "y")).text == "error: x\nhint: y")
        #expect(FailureReport(CommandFailure("x")).exitCode == 1)
        #expect(FailureReport(CommandFailure.usage("x")).exitCode == 64)
        #expect(FailureReport(ExitCode.failure).exitCode == 1)
    }

    @Test func wrongFlagIsWrongUsageAndHelpIsAnAnswer() throws {
        let wrong = try #require(throws: (any Error).self) { try Pratique.parseAsRoot(["whoami", "--no-such-flag"]) }
        #expect(FailureReport(wrong).exitCode == 64)
        #expect(FailureReport(wrong).text.hasPrefix("error: "))
        #expect(!FailureReport(wrong).isAnswer)
        #expect(FailureReport(CleanExit.helpRequest(Pratique.self)).exitCode == 0)
        #expect(FailureReport(CleanExit.helpRequest(Pratique.self)).isAnswer)
    }
}
