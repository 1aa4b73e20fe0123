import Advisories
import Foundation
import ImageFixtures
import Scanning

/// One record of an advisory database, in OSV's form.
struct Advice {
    var id: String
    var ecosystem: String
    var package: String
    var fixed: String?
    var aliases: [String] = []
    var upstream: [String] = []
    var vector: String?
    var summary = "a flaw"

    var json: String {
        let list = { (texts: [String]) in texts.map { "\"\($0)\"" }.joined(separator: ",") }
        let end = fixed.map { ",{\"fixed\":\"\($0)\"}" } ?? ""
        let severity = vector.map { ",\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"\($0)\"}]" } ?? ""
        let text = String(decoding: (try? JSONEncoder().encode(summary)) ?? Data("\"\"".utf8), as: UTF8.self)
        return """
            {"schema_version":"1.7.0","id":"\(id)","modified":"2026-11-20T00:00:00Z","published":"2026-01-01T00:00:00Z",\
            "summary":\(text),"aliases":[\(list(aliases))],"upstream":[\(list(upstream))]\(severity),\
            "references":[{"type":"WEB","url":"https://example.org/\(id)"}],\
            "affected":[{"package":{"ecosystem":"\(ecosystem)","name":"\(package)"},\
            "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}\(end)]}]}]}
            """
    }
}

/// Imports `advice` into a database of its own and lends it.
func withAdvisories<Result>(_ advice: [Advice], _ body: (AdvisoryDatabase) async throws -> Result) async throws
    -> Result
{
    try await Tool.withDirectory { directory async throws in
        let folder = directory + "/osv"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for record in advice {
            try Data(record.json.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(record.id).json"))
        }
        let path = directory + "/advisories.sqlite"
        _ = try await AdvisoryImport(into: path).run([.path(folder)])
        return try await body(AdvisoryDatabase(path: path))
    }
}

/// When the reports of these tests are made.
let reportTime = Date(timeIntervalSince1970: 1_795_521_600)  // 2026-11-24T12:00:00Z

/// The report on an image.
func report(on image: ImageFixture, advice: [Advice]) async throws -> ImageReport {
    let scanned = try await scan(image)
    return try await withAdvisories(advice) { database async throws in
        try FindingMatcher(database).report(on: scanned, at: reportTime, toolVersion: "0-test")
    }
}
