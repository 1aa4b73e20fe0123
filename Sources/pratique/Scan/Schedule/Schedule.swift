/// A schedule of scans, as the server tells it.
struct Schedule: Decodable, Sendable {
    struct Failure: Decodable, Sendable {
        let message: String
        let hint: String?
    }

    let id: ResourceID
    let imageName: String
    let when: String
    let isEnabled: Bool
    let credentialId: ResourceID?
    let platform: String
    let branch: String?
    let nextRunAt: String?
    let lastRunAt: String?
    let lastTags: Int
    let lastScans: Int
    let lastError: Failure?

    static let header = ["ID", "IMAGE", "WHEN", "NEXT", "LAST", "TAGS", "TROUBLE"]

    var row: [String] {
        [
            "\(id)", imageName, when, nextRunAt ?? "off", lastRunAt ?? "", lastRunAt == nil ? "" : "\(lastTags)",
            lastError?.message ?? "",
        ]
    }

    var table: Table {
        Table(fields: [
            ("Id", "\(id)"), ("Image", imageName), ("Platform", platform.isEmpty ? nil : platform), ("Branch", branch),
            ("When", when), ("Credential", credentialId.map { "\($0)" }), ("Next", nextRunAt ?? "off"),
            ("Last", lastRunAt),
            ("Error", lastError?.message), ("Hint", lastError?.hint),
        ])
    }
}
