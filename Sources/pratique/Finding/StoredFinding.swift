/// A finding, as the server tells it.
struct StoredFinding: Decodable, Sendable {
    struct Base: Decodable, Sendable {
        let id: ResourceID
        let currentSeverity: String
    }
    struct Library: Decodable, Sendable {
        let packageName: String
        let packageVersion: String
    }
    struct Metadata: Decodable, Sendable {
        let summary: String
    }
    struct Own: Decodable, Sendable {
        struct Place: Decodable, Sendable {
            let fixedIn: String?
        }
        let flaw: String
        let repository: String
        let status: String
        let isExploited: Bool
        let places: [Place]
    }

    let base: Base
    let library: Library
    let metadata: Metadata
    let finding: Own

    /// Whether somebody decided that there is nothing left to do.
    var isSettled: Bool { finding.status == "ignored" || finding.status == "resolved" }

    static let header = ["PACKAGE", "INSTALLED", "FIXED IN", "SEVERITY", "FLAW", "STATUS", "REPOSITORY", "ID"]

    var row: [String] {
        [
            library.packageName, library.packageVersion, finding.places.first?.fixedIn ?? "no fix",
            base.currentSeverity,
            finding.flaw + (finding.isExploited ? " (exploited)" : ""), finding.status, finding.repository,
            "\(base.id)",
        ]
    }
}

/// One page of findings, with what the list cannot know.
struct FindingPage: Decodable, Sendable {
    struct Completeness: Decodable, Sendable {
        let images: Int
        let incompleteImages: Int
        let isComplete: Bool
    }

    let total: Int
    let totalPages: Int
    let vulnerabilities: [Received<StoredFinding>]
    let completeness: Completeness

    /// What stands beside the list on standard error; nil when it is whole.
    var note: String? { completeness.note("of this project") }
}

extension FindingPage.Completeness {
    /// What a list of findings of the images that `which` names cannot know, in words; nil when it knows all.
    func note(_ which: String) -> String? {
        if images == 0 { return "no image \(which) has a result yet: nothing is known" }
        guard !isComplete else { return nil }
        return "not everything is known of \(incompleteImages) of \(images) images: there may be more"
    }
}
