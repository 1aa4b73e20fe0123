import ArgumentParser
import Foundation
import Storage
import Tenancy

/// `seed-scans queue`: what taking a scan from a long queue costs.
struct SeedQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Put scans into the queue, and time taking some of them.",
        discussion: "Prints one line of JSON: milliseconds of a claim with its commit."
    )

    @Option(help: "Database file of a service that does not run.")
    var database: String

    @Option(help: "Id of the organization.")
    var organization: String

    @Option(help: "Id of a project; may be repeated.")
    var project: [String]

    @Option(help: "Scans in the queue.")
    var scans = 100_000

    @Option(help: "Claims that are timed.")
    var claims = 500

    func run() async throws {
        let projects = project.compactMap { ProjectID($0) }
        guard let organization = OrganizationID(organization), !projects.isEmpty, projects.count == project.count else {
            throw ValidationError("an id is none")
        }
        let database = try SQLiteDatabase(path: database)
        let now = Date()
        for start in stride(from: 0, to: scans, by: Self.batch) {
            let numbers = start..<min(start + Self.batch, scans)
            try await database.write { session in
                for number in numbers {
                    let request = ScanRequest(
                        organization: organization,
                        project: projects[number % projects.count],
                        credential: nil,
                        askedBy: nil,
                        image: "registry.example.com/app:\(number)",
                        repository: "registry.example.com/app",
                        tag: "\(number)",
                        priority: number % 4 == 0 ? .scheduled : .asked
                    )
                    _ = try ScanStore(session).enqueue(request, at: now)
                }
            }
        }
        var times: [Double] = []
        let clock = ContinuousClock()
        for _ in 0..<claims {
            let began = clock.now
            let claim = try await database.write {
                try ScanQueue($0).claim(until: now.addingTimeInterval(60), now: now)
            }
            times.append((clock.now - began) / .milliseconds(1))
            guard claim != nil else { throw ValidationError("the queue is empty") }
        }
        await database.close()
        times.sort()
        print(
            #"{"claims":\#(times.count),"medianMs":\#(times[times.count / 2]),"p99Ms":\#(times[times.count * 99 / 100]),"#
                + #""mostMs":\#(times[times.count - 1])}"#
        )
    }

    private static let batch = 1_000
}
