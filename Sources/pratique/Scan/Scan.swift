/// A scan, as the server tells it.
struct Scan: Decodable, Sendable {
    struct Failure: Decodable, Sendable {
        let message: String
        let hint: String?
        let upstreamStatus: Int?
    }

    let id: ResourceID
    let image: String
    let status: String
    let step: String
    let progress: Int
    let vulnerabilityDetected: Int?
    let createAt: String
    let endTime: String?
    let imageId: ResourceID?
    let error: Failure?
    let platform: String
    let branch: String?
    let completeness: ScanCompleteness?

    /// Whether nothing more happens to it.
    var isFinal: Bool { status != "queued" && status != "running" }
    /// Whether it has a result.
    var hasResult: Bool { status == "completed" || status == "completed_degraded" }

    static let header = ["ID", "IMAGE", "STATE", "STEP", "FINDINGS", "ASKED FOR"]

    var row: [String] {
        [
            "\(id)", image, status, isFinal ? "" : "\(step) \(progress)%", vulnerabilityDetected.map { "\($0)" } ?? "",
            createAt,
        ]
    }

    var table: Table {
        Table(fields: [
            ("Id", "\(id)"), ("Image", image), ("Platform", platform.isEmpty ? nil : platform), ("Branch", branch),
            ("State", status == "completed_degraded" ? "completed in part" : status),
            ("Missing", completeness?.missing),
            ("Step", isFinal ? nil : "\(step) \(progress)%"), ("Findings", vulnerabilityDetected.map { "\($0)" }),
            ("Asked for", createAt), ("Ended", endTime), ("Result", imageId.map { "image \($0)" }),
            ("Error", error?.message), ("Registry answered", error?.upstreamStatus.map { "\($0)" }),
            ("Hint", error?.hint),
        ])
    }

    /// What the exit status must tell of a scan that was waited for; nil when it has the whole result.
    var failure: CommandFailure? {
        switch status {
        case "completed": nil
        case "completed_degraded":
            CommandFailure(
                "the result for \(image) is not whole" + (completeness?.missing.map { ": \($0)" } ?? ""),
                hint: "All of what is missing: pratique scan show \(id) -o json"
            )
        case "cancelled": CommandFailure("the scan was cancelled")
        default: CommandFailure(error?.message ?? "the scan failed", hint: error?.hint)
        }
    }
}
