import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import TestSupport
import Testing

/// The project of one running service in which scans are asked for, and what it tells of them.
struct ScanPlace: Sendable {
    private let process: ServeProcess
    private let key: String
    private let project: String
    private let port: Int

    init(_ process: ServeProcess, _ directory: TemporaryDirectory, _ wire: WireServer) async throws {
        let key = String(decoding: try directory.contents(of: "first-key"), as: UTF8.self)
            .trimmingCharacters(in: .newlines)
        let profile = try await process.send("GET", "/user/profile", key: key).json
        let organization = try profile["organizations"][0]["id"].string.found("organization")
        let projects = try await process.send("GET", "/organization/\(organization)/projects", key: key).json
        (self.process, self.key, port) = (process, key, wire.port)
        project = try projects["projects"][0]["id"].string.found("project")
    }

    private func get(_ path: String) async throws -> TestJSON {
        let answer = try await process.send("GET", "/project/\(project)/\(path)", key: key)
        #expect(answer.status == 200, "\(answer)")
        return try answer.json
    }

    /// Every item of a list of pages.
    private func all(_ path: String, _ member: String) async throws -> [TestJSON] {
        var items: [TestJSON] = []
        for page in 1... {
            let size = path == "scans" ? "pageSize" : "limit"
            let found = try await get("\(path)?page=\(page)&\(size)=100")[member].items
            items += found
            if found.count < 100 { break }
        }
        return items
    }

    /// Asks for a scan once, whatever number of times it is called with one `key`; nil when no answer comes.
    func ask(_ tag: String, key idempotency: String) async throws -> String? {
        let answer = try? await process.send(
            "POST",
            "/project/\(project)/scan/container/start",
            key: key,
            ["imageToScan": .string("127.0.0.1:\(port)/team/app:\(tag)")],
            headers: [("Idempotency-Key", idempotency)]
        )
        guard let answer else { return nil }
        #expect(answer.status == 200, "\(answer)")
        return try answer.json["scanId"].string
    }

    /// Asks for a scan of each tag; the service may be dead before the last of them.
    func askAll(_ tags: [String], _ round: Int, _ ledger: inout ScanLedger) async {
        for tag in tags {
            var asked = ScanLedger.Asked(key: "\(round)-\(tag)", tag: tag)
            asked.scan = try? await ask(tag, key: asked.key)
            ledger.scans.append(asked)
        }
    }

    /// Cancels a scan and notes it once it is acknowledged.
    func cancel(_ index: Int, _ ledger: inout ScanLedger) async {
        let path = "/project/\(project)/scan/\(ledger.scans[index].scan ?? "")/cancel"
        let answer = try? await process.send("POST", path, key: key)
        if answer?.status == 200 { ledger.scans[index].isCancelled = true }
    }

    /// Waits until a scan tells that it is at `stage`; false when it tells its end before.
    func isSeen(_ stage: KillStage, _ asked: ScanLedger.Asked) async throws -> Bool {
        var isThere = false
        let isOver = try await eventually {
            let scan = try await get("scan/\(asked.scan ?? "")")
            isThere = stage.isTold(
                state: scan["state"].string ?? "",
                step: scan["step"].string ?? "",
                progress: scan["progress"].integer ?? 0
            )
            return isThere || !["queued", "running"].contains(scan["state"].string)
        }
        return isOver && isThere
    }

    /// How many images are told to have a flaw.
    func imageCount(of flaw: String) async throws -> Int {
        let found = try await get("results/container?searchQuery=\(flaw)")["vulnerabilities"].items
        return found.first { $0["finding"]["flaw"].string == flaw }?["finding"]["imageCount"].integer ?? 0
    }

    private func open() async throws -> [TestJSON] {
        try await get("scans?state=queued&state=running")["scans"].items
    }

    /// Waits until no scan waits or runs.
    func allEnded() async throws {
        let isDone = try await eventually { try await open().isEmpty }
        let left = try await open()
        #expect(isDone, "scans that never end: \(left)")
    }

    /// What earlier processes acknowledged is true at the end, and what is shown meanwhile is whole. Requests that were not answered
    /// are sent again.
    func checked(_ before: ScanLedger, _ registry: StoppableRegistry) async throws -> ScanLedger {
        var ledger = before
        for asked in ledger.scans where asked.wasCompleted {
            let scan = try await get("scan/\(asked.scan ?? "")")
            #expect(scan["state"] == "completed", "told as completed, and taken back: \(scan)")
        }
        try await checkImages(registry, ledger, isOver: false)
        for index in ledger.unacknowledged {
            let asked = ledger.scans[index]
            ledger.scans[index].scan = try await ask(asked.tag, key: asked.key).found("answer")
        }
        try await allEnded()
        let scans = try await all("scans", "scans")
        #expect(scans.compactMap(\.["id"].string).count == ledger.scans.count, "a scan that nobody asked for")
        #expect(Set(scans.compactMap(\.["id"].string)) == Set(ledger.scans.compactMap(\.scan)))
        for asked in ledger.scans {
            let scan = scans.first { $0["id"].string == asked.scan } ?? .null
            guard !asked.isCancelled else {
                #expect(scan["status"] == "cancelled" && scan["imageId"] == .null, "\(scan)")
                continue
            }
            #expect(scan["status"] == "completed" && scan["completeness"]["inventoryComplete"] == true, "\(scan)")
            // A kill costs the scans that ran one attempt each, and nobody is killed twice here.
            #expect((1...2).contains(scan["attempts"].integer ?? 0), "\(scan)")
        }
        try await checkImages(registry, ledger, isOver: true)
        for (finding, reason) in ledger.decisions {
            let found = try await get("results/container/\(finding)")["vulnerability"]["finding"]
            #expect(found["status"] == "ignored" && found["decision"]["reason"] == .string(reason), "\(found)")
        }
        return ledger
    }

    /// One image per tag, each whole; when it `isOver`, each tag has the image that stands under it now.
    private func checkImages(_ registry: StoppableRegistry, _ ledger: ScanLedger, isOver: Bool) async throws {
        // Scans run on: what moves from one page to the next while it is read is told twice, and is one result.
        var ids: Set<String> = []
        let images = try await all("results/container/images", "images").filter {
            ids.insert($0["id"].string ?? "").inserted
        }
        let tags = images.compactMap(\.["tag"].string)
        #expect(tags.count == Set(tags).count && tags.count == images.count, "a tag has two results: \(tags.sorted())")
        for image in images {
            #expect(image["completeness"]["inventoryComplete"] == true, "\(image)")
            #expect(image["packageCount"].integer == registry.packages(of: image["tag"].string ?? ""), "\(image)")
        }
        guard isOver else { return }
        let expected = Set(ledger.scans.filter { !$0.isCancelled }.map(\.tag))
        #expect(Set(tags) == expected)
        for image in images {
            let digest = registry.images[image["tag"].string ?? ""]?.digest.description
            #expect(image["digest"].string == digest, "an older image than the one that was asked for: \(image)")
        }
        for flaw in ledger.flaws {
            let isEverywhere = try await eventually { try await imageCount(of: flaw) == images.count }
            #expect(isEverywhere, "not every image was matched again")
        }
    }

    /// Decides on one of the findings that are there.
    func decide(_ round: Int, _ ledger: inout ScanLedger) async throws {
        let findings = try await all("results/container", "vulnerabilities").compactMap { $0["base"]["id"].string }
        guard !findings.isEmpty else { return }
        let finding = findings.sorted()[round % findings.count]
        let answer = try await process.send(
            "PATCH",
            "/project/\(project)/results/container/\(finding)",
            key: key,
            ["status": "ignored", "reason": .string("round \(round)")]
        )
        #expect(answer.status == 200, "\(answer)")
        ledger.decisions[finding] = "round \(round)"
    }

    /// Everything that was found, without what differs from run to run: ids, times, decisions.
    func results() async throws -> [String] {
        var lines: [String] = []
        for item in try await all("results/container", "vulnerabilities") {
            let id = try item["base"]["id"].string.found("id")
            let whole = try await get("results/container/\(id)")["vulnerability"]
            let own = whole["finding"]
            let places = own["places"].items.map { $0.without("imageId") }.map(\.description).sorted()
            lines.append(
                "\(own["flaw"]) \(whole["library"]["packageName"]) \(own["repository"]) \(own["imageCount"]) \(places)"
            )
        }
        for image in try await all("results/container/images", "images") {
            let kept = image.without("id", "scanId", "projectId", "createdAt", "updatedAt", "matchedAt", "completeness")
            lines.append("\(kept)")
        }
        for package in try await all("results/container/packages", "packages") {
            lines.append("\(package.without("imageId", "id", "projectId", "createdAt", "updatedAt"))")
        }
        return lines.sorted()
    }
}
