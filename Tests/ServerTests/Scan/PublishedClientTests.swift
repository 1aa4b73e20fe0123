import TestSupport
import Testing

/// Every field that the published client reads is there with its type. Source: published-api-notes.md, "What the published client
/// does".
@Suite("What the published client reads of scans and results")
struct PublishedClientTests {
    private enum Kind { case text, number, flag, list, object }

    private func complaints(_ json: TestJSON, _ fields: [(String, Kind)]) -> [String] {
        fields.compactMap { name, kind in
            switch (kind, json[name]) {
            case (.text, .string), (.number, .integer), (.number, .number), (.flag, .bool), (.list, .array),
                (.object, .object):
                nil
            default: "\(name) is \(json[name])"
            }
        }
    }

    @Test func publishedClientReadsEveryFieldOfAStartedScan() async throws {
        try await withServer { server async throws in
            let started = try await server.admin.post(
                "/project/\(server.first.project)/scan/container/start",
                ["imageToScan": "node:18-alpine"]
            )
            #expect(started.status == 200)
            let fields: [(String, Kind)] = [
                ("success", .flag), ("message", .text), ("scanId", .text), ("detectedLanguages", .list),
            ]
            #expect(complaints(try started.json, fields) == [])
        }
    }

    @Test func publishedClientReadsEveryFieldOfAScan() async throws {
        try await withServer { server async throws in
            let seeded = try await server.seedScan()
            let scan = try await server.admin.get("/project/\(server.first.project)/scan/\(seeded.scan)").json
            let fields: [(String, Kind)] = [
                ("id", .text), ("name", .text), ("state", .text), ("language", .list), ("projectId", .text),
                ("private", .flag), ("initializerUserId", .text), ("createAt", .text), ("updatedAt", .text),
                ("scanType", .text), ("startTime", .text), ("endTime", .text), ("containers", .list),
                ("progress", .number), ("step", .text), ("vulnerabilityDetected", .number),
            ]
            #expect(complaints(scan, fields) == [])
            let container: [(String, Kind)] = [
                ("id", .text), ("status", .text), ("createdAt", .text), ("startedAt", .text), ("finishedAt", .text),
                ("scanId", .text),
            ]
            #expect(complaints(scan["containers"][0], container) == [])
            #expect(scan["state"] == "completed" && scan["progress"] == 100 && scan["vulnerabilityDetected"] == 1)
        }
    }

    @Test func publishedClientReadsEveryFieldOfFindings() async throws {
        try await withServer { server async throws in
            _ = try await server.seedScan()
            let query =
                "pageNumber=1&pageSizeNumber=25&sort=currentSeverity&order=asc&severity[]=critical&severity[]=high"
                + "&status[]=to_verify&status[]=confirmed&priority[]=urgent&priority[]=critical_urgent&branch=main"
            let list = try await server.admin.get("/project/\(server.first.project)/results/container?\(query)").json
            let page: [(String, Kind)] = [
                ("projectId", .text), ("projectName", .text), ("page", .number), ("total", .number),
                ("totalPages", .number), ("severity", .list), ("vulnerabilities", .list),
            ]
            #expect(complaints(list, page) == [])
            #expect(list["total"] == 1 && list["limit"] == 25)
            let item = list["vulnerabilities"][0]
            let base: [(String, Kind)] = [
                ("id", .text), ("currentSeverity", .text), ("language", .text), ("path", .text),
                ("vulnerableStartLine", .number), ("vulnerableEndLine", .number), ("vulnerability", .object),
                ("branch", .text),
            ]
            #expect(complaints(item["base"], base) == [])
            let vulnerability: [(String, Kind)] = [
                ("name", .text), ("description", .text), ("severity", .text), ("howToPrevent", .text), ("cwe", .list),
                ("owaspTop10", .list), ("vulnerabilityType", .text),
            ]
            #expect(complaints(item["base"]["vulnerability"], vulnerability) == [])
            let library: [(String, Kind)] = [
                ("packageName", .text), ("packageVersion", .text), ("fileName", .text), ("ecosystem", .text),
                ("path", .list),
            ]
            #expect(complaints(item["library"], library) == [])
            let metadata: [(String, Kind)] = [
                ("ghsaId", .text), ("cve", .text), ("summary", .text), ("details", .text), ("cwes", .list),
                ("aliases", .list),
            ]
            #expect(complaints(item["metadata"], metadata) == [])
            #expect(item["metadata"]["cwes"][0]["cweId"] == "CWE-787")
            #expect(item["metadata"]["aliases"][0]["alias"] == "GHSA-aaaa-bbbb-cccc")
            let fix: [(String, Kind)] = [
                ("cveId", .text), ("vulnerablePackage", .text), ("vulnerableVersion", .text),
                ("recommendedProposedVersion", .text), ("installCommand", .text), ("hasFixAvailable", .flag),
            ]
            #expect(complaints(item["autofixRecords"][0], fix) == [])
        }
    }

    @Test func publishedClientReadsEveryFieldOfGroupedImages() async throws {
        try await withServer { server async throws in
            let seeded = try await server.seedScan()
            let path = "/project/\(server.first.project)/results/container/images/grouped"
            let list = try await server.admin.get("\(path)?page=1&limit=20&sort=latestScanAt&order=DESC&branch=main")
                .json
            let page: [(String, Kind)] = [
                ("projectName", .text), ("groupedImages", .list), ("totalRepositories", .number),
                ("totalTags", .number), ("totalPages", .number), ("currentPage", .number), ("pageSize", .number),
            ]
            #expect(complaints(list, page) == [])
            let group: [(String, Kind)] = [
                ("repositoryName", .text), ("projectId", .text), ("osFamily", .text), ("osName", .text),
                ("branch", .text), ("tagCount", .number), ("tags", .list), ("aggregatedVulnCounts", .object),
                ("latestScanAt", .text),
            ]
            #expect(complaints(list["groupedImages"][0], group) == [])
            let tag: [(String, Kind)] = [
                ("id", .text), ("tag", .text), ("scanId", .text), ("createdAt", .text), ("updatedAt", .text),
                ("vulnCounts", .object),
            ]
            #expect(complaints(list["groupedImages"][0]["tags"][0], tag) == [])
            #expect(list["groupedImages"][0]["tags"][0]["scanId"] == .string(seeded.scan))
        }
    }
}
