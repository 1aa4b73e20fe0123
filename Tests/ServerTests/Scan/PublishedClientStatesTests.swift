import Advisories
import Foundation
import Storage
import TestSupport
import Testing

/// What the published client reads is of the right type in every state of a scan, and for findings of which little is known.
/// Source: published-api-notes.md, "What the published client does".
@Suite("What the published client reads in every state")
struct PublishedClientStatesTests {
    private enum Kind { case text, number, flag, list, object }

    /// Whether a value is of a kind, or not there where it need not be.
    private func complaints(_ json: TestJSON, _ fields: [(String, Kind, isNeeded: Bool)]) -> [String] {
        fields.compactMap { name, kind, isNeeded in
            switch (kind, json[name]) {
            case (.text, .string), (.number, .integer), (.flag, .bool), (.list, .array), (.object, .object): nil
            case (_, .null) where !isNeeded: nil
            default: "\(name) is \(json[name])"
            }
        }
    }

    private static let scan: [(String, Kind, isNeeded: Bool)] = [
        ("id", .text, true), ("name", .text, true), ("state", .text, true), ("language", .list, true),
        ("projectId", .text, true), ("private", .flag, true), ("initializerUserId", .text, true),
        ("createAt", .text, true), ("updatedAt", .text, true), ("scanType", .text, true), ("startTime", .text, false),
        ("endTime", .text, false), ("containers", .list, true), ("progress", .number, true), ("step", .text, true),
        ("vulnerabilityDetected", .number, false), ("errorMessage", .text, false), ("errorCode", .number, false),
        ("errorCategory", .text, false),
    ]

    private static let container: [(String, Kind, isNeeded: Bool)] = [
        ("id", .text, true), ("status", .text, true), ("createdAt", .text, true), ("startedAt", .text, false),
        ("finishedAt", .text, false), ("scanId", .text, true),
    ]

    /// The words that the client waits for, and those that it ends with.
    private static let states = ["queued", "running", "completed", "completed_degraded", "failed"]

    private func check(_ path: String, _ server: RunningServer, isOver: Bool) async throws -> TestJSON {
        let scan = try await server.admin.get(path).json
        #expect(complaints(scan, Self.scan) == [])
        #expect(scan["containers"].items.count == 1 && complaints(scan["containers"][0], Self.container) == [])
        let state = scan["state"].string ?? ""
        #expect(Self.states.contains(state) && scan["containers"][0]["status"] == scan["state"])
        #expect(["completed", "completed_degraded", "failed"].contains(state) == isOver, "\(state)")
        #expect((scan["endTime"] != .null) == isOver)
        #expect((scan["errorMessage"] != .null) == (state == "failed"), "\(scan)")
        #expect((scan["errorCategory"] != .null) == (state == "failed"))
        return scan
    }

    @Test func scanHasEveryFieldWithItsTypeInEveryState() async throws {
        try await withServer { server async throws in
            func start(_ tag: String, _ credential: String) async throws -> String {
                let answer = try await server.admin.post(
                    "/integrations/harbor/container-registry/project/\(server.first.project)/scan",
                    [
                        "credentialId": .string(credential), "imageName": .string("app:\(tag)"), "privateScan": true,
                        "severities": ["CRITICAL", "HIGH"],
                    ]
                )
                return try answer["location"].found("location: \(answer)")
            }
            let credential = try await server.store("harbor")
            let (waiting, cancelled) = (try await start("1", credential), try await start("2", credential))
            #expect(try await check(waiting, server, isOver: false)["private"] == true)
            // A worker has it.
            try await server.withDatabase { database in
                try await database.write { session in
                    _ = try ScanQueue(session).claim(until: .distantFuture, now: .init(timeIntervalSince1970: 1))
                }
            }
            let running = try await check(waiting, server, isOver: false)
            #expect(running["state"] == "running" && running["startTime"].string != nil)
            _ = try await server.admin.post("\(cancelled)/cancel")
            #expect(try await check(cancelled, server, isOver: true)["errorCategory"] == "scan")
            _ = try await server.admin.delete(
                CredentialPath.collection("harbor", server.first.organization) + "/\(credential)"
            )
            let failed = try await check(waiting, server, isOver: true)
            #expect(failed["errorCategory"] == "authentication" && failed["vulnerabilityDetected"] == .null)

            let project = "/project/\(server.first.project)"
            let whole = try await server.seedScan(tag: "3")
            #expect(
                try await check("\(project)/scan/\(whole.scan)", server, isOver: true)["vulnerabilityDetected"] == 1
            )
            let part = try await server.seedScan(tag: "4", isDegraded: true, findings: [])
            let degraded = try await check("\(project)/scan/\(part.scan)", server, isOver: true)
            #expect(degraded["state"] == "completed_degraded" && degraded["vulnerabilityDetected"] == 0)
        }
    }

    /// `base.vulnerability` may be null and the name is taken from `metadata.summary`; nothing else may be missing.
    @Test func findingOfWhichLittleIsKnownHasEveryFieldWithItsType() async throws {
        try await withServer { server async throws in
            var finding = NewFinding.seed("DSA-1", severity: .unknown, fixedIn: nil)
            finding.detail = "{}"
            finding.scoreInTenths = nil
            finding.path = nil
            finding.layer = nil
            _ = try await server.seedScan(branch: nil, findings: [finding])
            let list = try await server.admin.get("/project/\(server.first.project)/results/container").json
            let item = list["vulnerabilities"][0]
            let base: [(String, Kind, isNeeded: Bool)] = [
                ("id", .text, true), ("currentSeverity", .text, true), ("language", .text, true), ("path", .text, true),
                ("vulnerableStartLine", .number, true), ("vulnerableEndLine", .number, true),
                ("vulnerability", .object, false), ("branch", .text, true),
            ]
            #expect(complaints(item["base"], base) == [])
            let library: [(String, Kind, isNeeded: Bool)] = [
                ("packageName", .text, true), ("packageVersion", .text, true), ("fileName", .text, true),
                ("ecosystem", .text, true), ("path", .list, true),
            ]
            #expect(complaints(item["library"], library) == [])
            let metadata: [(String, Kind, isNeeded: Bool)] = [
                ("ghsaId", .text, false), ("cve", .text, false), ("summary", .text, true), ("details", .text, true),
                ("cwes", .list, true), ("aliases", .list, true),
            ]
            #expect(complaints(item["metadata"], metadata) == [])
            #expect(item["metadata"]["summary"].string?.isEmpty == false, "the client has no other name for it")
            #expect(item["autofixRecords"] == [])
        }
    }

    @Test func emptyProjectHasEveryFieldWithItsType() async throws {
        try await withServer { server async throws in
            let results = "/project/\(server.first.project)/results/container"
            let list: [(String, Kind, isNeeded: Bool)] = [
                ("projectId", .text, true), ("projectName", .text, true), ("page", .number, true),
                ("total", .number, true), ("totalPages", .number, true), ("severity", .list, true),
                ("vulnerabilities", .list, true),
            ]
            #expect(complaints(try await server.admin.get(results).json, list) == [])
            let grouped: [(String, Kind, isNeeded: Bool)] = [
                ("projectName", .text, true), ("groupedImages", .list, true), ("totalRepositories", .number, true),
                ("totalTags", .number, true), ("totalPages", .number, true), ("currentPage", .number, true),
                ("pageSize", .number, true),
            ]
            #expect(complaints(try await server.admin.get("\(results)/images/grouped").json, grouped) == [])
        }
    }
}
