import Foundation
import Testing

@testable import pratique

/// `pratique finding overview` against a scripted server.
@Suite struct FindingOverviewTests {
    static let organization = "0198c0de-0000-7000-8000-00000000000a"
    static let project = "0198c0de-0000-7000-8000-00000000000b"

    private static func day(_ ago: Int) -> String {
        String(Date(timeIntervalSinceNow: -86_400 * Double(ago)).ISO8601Format().prefix(10))
    }

    /// The numbers of critical findings of the last days; nil is a day before the first result.
    private static func body(_ numbers: [Int?], incomplete: Int = 0) -> ScriptedServer.Answer {
        let days = numbers.enumerated().map { index, number in
            let images = number == nil ? 0 : 2
            return """
                {"day":"\(day(numbers.count - 1 - index))","vulnCounts":{"critical":\(number ?? 0),"high":4},"open":\((number ?? 0) + 4),\
                "resolved":1,"ignored":0,"images":\(images),"incompleteImages":\(incomplete),"isComplete":\(incomplete == 0),"new":1}
                """
        }
        return .init(
            body: """
                {"from":"\(day(numbers.count - 1))","to":"\(day(0))","days":[\(days.joined(separator: ","))],\
                "completeness":{"images":2,"incompleteImages":\(incomplete),"isComplete":\(incomplete == 0)}}
                """
        )
    }

    /// Asked at midnight, the day that the test meant may be gone: every answer is good for the day after too.
    private func run(_ arguments: [String], _ owner: String, days: Int, _ answer: ScriptedServer.Answer) async throws
        -> CommandRun
    {
        let answers = Dictionary(
            uniqueKeysWithValues: [days - 1, days - 2].map { ago in
                ("GET \(owner)/results/container/overview?from=\(Self.day(ago))", answer)
            }
        )
        let server = try ScriptedServer(answers)
        return try await CommandRun(
            ["finding", "overview"] + arguments,
            variables: [
                "PRATIQUE_URL": server.url, "PRATIQUE_API_KEY": "prq_key", "PRATIQUE_ORGANIZATION": Self.organization,
                "XDG_CONFIG_HOME": "/nonexistent",
            ]
        )
    }

    private static let owner = "/organization/\(organization)"

    /// The cells of the line that begins with `name`.
    private func line(_ name: String, _ run: CommandRun) -> [String] {
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return lines.first { $0.first == name } ?? []
    }

    @Test func whatWasWhatIsAndTheTrendStandInALineForEachSeverity() async throws {
        let run = try await run(["--days", "4"], Self.owner, days: 4, Self.body([2, 7, 14, 0]))
        #expect(run.exitCode == 0 && run.complaints.isEmpty, "\(run.complaints)")
        #expect(line("critical", run) == ["critical", "2", "0", "-2", "▂▅█▁"])
        #expect(line("high", run) == ["high", "4", "4", "0", "████"])
        #expect(line("open", run) == ["open", "6", "4", "-2", "▃▅█▃"])
        #expect(line("low", run) == ["low", "0", "0", "0", "▁▁▁▁"])
        #expect(line("FINDINGS", run) == ["FINDINGS", Self.day(3), Self.day(0), "CHANGE", "TREND"])
    }

    @Test func dayBeforeTheFirstResultIsNotADayWithoutFindings() async throws {
        let run = try await run(["--days", "3"], Self.owner, days: 3, Self.body([nil, 1, 3], incomplete: 1))
        #expect(line("critical", run) == ["critical", "-", "3", "+2", "·▃█"], "\(run.output)")
        #expect(
            run.complaints
                == """
                note: nothing is known of the days before \(Self.day(1))
                note: not everything is known of 1 of 2 images: there may be more

                """
        )
    }

    @Test func whereNothingIsKnownThereAreNoNumbers() async throws {
        let run = try await run(["--days", "2"], Self.owner, days: 2, Self.body([nil, nil]))
        #expect(run.exitCode == 0 && run.output.isEmpty)
        #expect(run.complaints == "note: nothing is known of these days\n")
    }

    @Test func projectThatIsNamedIsAskedForAlone() async throws {
        let arguments = ["--project", Self.project, "--by-day"]
        let run = try await run(arguments, "/project/\(Self.project)", days: 30, Self.body([nil, 5]))
        #expect(run.exitCode == 0, "\(run.complaints)")
        let counts = ["5", "4", "0", "0", "0", "0", "9", "1", "0", "2", "0"]
        #expect(line(Self.day(0), run) == [Self.day(0)] + counts)
        #expect(line(Self.day(1), run) == [Self.day(1)] + Array(repeating: "-", count: counts.count))
    }

    @Test func jsonIsAllThatTheServerSent() async throws {
        let run = try await run(["--days", "2", "-o", "json"], Self.owner, days: 2, Self.body([1, 2]))
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
        #expect(json["completeness"]?["isComplete"] == .bool(true) && run.output.contains(#""new""#))
    }

    @Test(arguments: ["0", "367", "-1", "x"]) func daysAreAsManyAsTheServerTells(count: String) async throws {
        let run = try await run(["--days=\(count)"], Self.owner, days: 30, Self.body([]))
        #expect(run.exitCode == 64 && run.output.isEmpty)
    }

    // (numbers, bars): a bar is for one number, or for the last of a few.
    @Test(
        arguments: [
            ([], ""), ([nil], "·"), ([0], "▁"), ([1_000_000, 1], "█▂"), ([1, 2, 3, 4, 5, 6, 7], "▂▃▄▅▆▇█"),
            (Array(repeating: 1, count: 366), String(repeating: "█", count: 30)),
            (Array(repeating: 0, count: 59) + [1], String(repeating: "▁", count: 29) + "█"),
        ] as [([Int?], String)]
    )
    func trendIsNarrowAndTellsNothingFromALittle(numbers: [Int?], bars: String) {
        #expect(Trend(numbers).text == bars)
    }
}
