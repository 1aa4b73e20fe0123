import Advisories
import Foundation
import ImageFixtures
import Logging
import OCI
import Registries
import RegistryStubs
import Scanning
import Storage
import Synchronization
import Tenancy
import TestSupport
import Testing

/// A queue in a database of its own, a registry with one image under the tags `1` and `2`, and workers between them.
struct WorkBench: Sendable {
    let database: SQLiteDatabase
    let server: WireServer
    let outbound: OutboundClient
    let time = ManualTime()
    /// Projects of one organization.
    let projects: [Project]
    /// A project of another one.
    let stranger: Project
    /// Where the advisory database is, or will be.
    let advisories: String
    /// How often a worker asked for the way to the registry.
    let openings = Counter()
    /// What time is to those who ask the registry, when it is not the machine's.
    let outboundTime: ManualTime?
    /// How often a worker that hurries waited before it tried a request again.
    let pauses = Counter()

    final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// What the workers' clock shows: long before the files of these tests, so that what is imported is always newer.
    var now: Date { Date(timeIntervalSince1970: 1_700_000_000 + time.now / .seconds(1)) }

    /// A registry that holds `image`.
    static func registry(_ image: ImageFixture) -> ImageRegistry {
        let manifest = (mediaType: image.mediaType.rawValue, bytes: image.manifest)
        return ImageRegistry(
            manifests: ["1": manifest, "2": manifest, image.digest.description: manifest],
            blobs: Dictionary(uniqueKeysWithValues: image.blobs.map { ($0.0.description, $0.1) })
        )
    }

    /// Lends everything to `body`; `answer` is what the registry says, and `outboundTime` what time is to those who ask it, if not the machine's.
    static func run(
        outboundTime: ManualTime? = nil,
        _ answer: @escaping @Sendable (WireRequest) async -> WireAnswer,
        _ body: (WorkBench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
            do {
                try await Migrator(database).migrate()
                try await run(in: directory, database, outboundTime, answer, body)
                await database.close()
            } catch {
                await database.close()
                throw error
            }
        }
    }

    private static func run(
        in directory: TemporaryDirectory,
        _ database: SQLiteDatabase,
        _ outboundTime: ManualTime?,
        _ answer: @escaping @Sendable (WireRequest) async -> WireAnswer,
        _ body: (WorkBench) async throws -> Void
    ) async throws {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let organizations = (0..<2).map {
            Organization(id: OrganizationID(), name: "Organization \($0)", createdAt: now, updatedAt: now)
        }
        let projects = [0, 0, 1].enumerated().map { index, owner in
            Project(
                id: ProjectID(),
                organization: organizations[owner].id,
                name: "Project \(index)",
                description: nil,
                createdAt: now,
                updatedAt: now
            )
        }
        try await database.write { session in
            for organization in organizations { try OrganizationStore(session).insert(organization) }
            for project in projects { try ProjectStore(session).insert(project) }
        }
        try await WireServer.run(answer) { server in
            let authority = "127.0.0.1:\(server.port)"
            let outbound = OutboundClient(
                policy: OutboundPolicy(plainHTTPHosts: [authority], privateHosts: [authority]),
                version: "0-test",
                logger: logger,
                time: outboundTime?.time ?? .system
            )
            do {
                try await body(
                    WorkBench(
                        database: database,
                        server: server,
                        outbound: outbound,
                        projects: Array(projects.prefix(2)),
                        stranger: projects[2],
                        advisories: directory.file("advisories.sqlite"),
                        outboundTime: outboundTime
                    )
                )
                await outbound.shutdown()
            } catch {
                await outbound.shutdown()
                throw error
            }
        }
    }

    /// A worker whose time is the bench's. When it `hurries`, pauses before another try of a request pass at once, for the registry's
    /// clock too, and its signs of life come all the time.
    func worker(
        _ refusal: ScanRefused? = nil,
        concurrency: Int = ScanWorker.defaultConcurrency,
        hurries: Bool = false
    ) -> ScanWorker {
        let (outbound, openings, port) = (outbound, openings, server.port)
        return ScanWorker(
            database: database,
            registry: { _ in
                openings.add()
                if let refusal { throw refusal }
                return DistributionClient(
                    outbound: outbound,
                    tokens: TokenCache(),
                    origin: try OutboundOrigin("http://127.0.0.1:\(port)")
                )
            },
            advisories: AdvisoryLibrary(path: advisories, logger: WorkBench.logger),
            toolVersion: "0-test",
            concurrency: concurrency,
            clock: ScanClock(
                now: { now },
                sleep: { duration in
                    guard hurries else { return try await time.time.sleep(duration) }
                    try await hurry(duration)
                }
            ),
            logger: WorkBench.logger
        )
    }

    /// Runs a worker beside `body`, and ends it as a stop of the service does.
    func working(
        _ refusal: ScanRefused? = nil,
        concurrency: Int = ScanWorker.defaultConcurrency,
        hurries: Bool = false,
        _ body: (ScanWorker) async throws -> Void
    ) async throws {
        let worker = worker(refusal, concurrency: concurrency, hurries: hurries)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            defer { group.cancelAll() }
            try await body(worker)
        }
    }

    /// Puts a scan of `tag` into the queue.
    func ask(_ tag: String = "1", of project: Project? = nil) async throws -> Scan {
        let project = project ?? projects[0]
        let name = "127.0.0.1:\(server.port)/team/app"
        return try await database.write { session in
            let request = ScanRequest(
                organization: project.organization,
                project: project.id,
                credential: nil,
                askedBy: nil,
                image: "\(name):\(tag)",
                repository: name,
                tag: tag
            )
            return try ScanStore(session).enqueue(request, at: now).scan
        }
    }

    /// The scan once it has ended, which began at once.
    func scan(_ worker: ScanWorker, _ tag: String = "1", of project: Project? = nil) async throws -> Scan {
        let scan = try await ask(tag, of: project)
        worker.wake()
        return try await ended(scan)
    }

    /// The scan as it is now.
    func look(_ scan: Scan) async throws -> Scan {
        try await database.read { try ScanStore($0).find(scan.id, in: scan.request.project) } ?? scan
    }

    /// The scan once it has ended.
    func ended(_ scan: Scan) async throws -> Scan {
        _ = try await eventually { try await look(scan).state.isFinal }
        return try await look(scan)
    }

    /// The scan once it waits in the queue for something.
    func waiting(_ scan: Scan, for wait: ScanWait) async throws -> Scan {
        let isWaiting = try await eventually { try await look(scan).step == wait.rawValue }
        let scan = try await look(scan)
        #expect(isWaiting && scan.state == .queued, "\(scan)")
        return scan
    }

    /// Lets the workers' time pass until `end`, and has one of them look at the queue.
    func pass(until end: Date, _ worker: ScanWorker) async throws {
        if end > now { time.advance(by: .milliseconds(Int(end.timeIntervalSince(now) * 1_000) + 1)) }
        worker.wake()
    }

    /// The one image of a tag, if there is one.
    func image(_ tag: String = "1", of project: Project? = nil) async throws -> StoredImage? {
        let project = project ?? projects[0]
        let name = "127.0.0.1:\(server.port)/team/app"
        return try await database.read { session in
            try ImageStore(session).list(in: project.id, page: Page(number: 1, size: 100)).items.first {
                $0.repository == name && $0.tag == tag && $0.platform == "linux/amd64"
            }
        }
    }

    /// `flaw package` of every finding of a project.
    func findings(of project: Project? = nil) async throws -> [String] {
        let project = project ?? projects[0]
        return try await database.read { session in
            try FindingStore(session).list(in: project.id, page: Page(number: 1, size: 100)).findings
                .map { "\($0.flaw) \($0.packageName)" }.sorted()
        }
    }

    /// What the registry was asked for since the first `count` requests.
    func requests(after count: Int = 0) -> [String] {
        server.requests.dropFirst(count).map { "\($0.method) \($0.path.split(separator: "/").dropLast().last ?? "")" }
    }

    /// Imports `advice` into the workers' advisory database, which forgets what it has when it `startsEmpty`.
    func importAdvice(_ advice: [Advice], startsEmpty: Bool = false) async throws {
        try await Tool.withDirectory { directory async throws in
            for record in advice {
                try Data(record.json.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(record.id).json"))
            }
            _ = try await AdvisoryImport(into: advisories, startsEmpty: startsEmpty).run([.path(directory)])
        }
    }

    /// The worker's wait between two looks at the queue is the test's to end.
    private func hurry(_ duration: Duration) async throws {
        // Neither the look at the queue nor the one for schedules is a pause before another try.
        let isLook = duration == .seconds(5) || (Duration.seconds(12) ..< .seconds(18)).contains(duration)
        guard !isLook else { return try await time.time.sleep(duration) }
        try Task.checkCancellation()
        if duration != .seconds(2) {
            outboundTime?.advance(by: duration)
            pauses.add()
        }
        await Task.yield()
    }
}
