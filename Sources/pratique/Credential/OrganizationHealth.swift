/// How an organization's credentials are, as the server tells it.
struct OrganizationHealth: Decodable, Sendable {
    struct Item: Decodable, Sendable {
        struct Verification: Decodable, Sendable {
            let state: String
            let expiresAt: String?
        }

        let id: ResourceID
        let registryType: String?
        let name: String?
        let lastUsedAt: String?
        let verification: Verification?
        let projectIds: [ResourceID]?
    }

    struct List: Decodable, Sendable {
        let total: Int
        let credentials: [Item]
    }

    struct Projects: Decodable, Sendable {
        struct Item: Decodable, Sendable {
            let projectId: ResourceID
            let name: String?
            let total: Int?
        }

        let total: Int
        let projects: [Item]
    }

    let total: Int
    let byState: [String: Int]
    let expiringWithinDays: [String: Int]?
    let broken: List
    let tooStrong: List
    let expired: List
    let expiring: List
    let unused: List
    let projects: Projects?

    /// Whether something does not work.
    var isBroken: Bool { broken.total > 0 || expired.total > 0 }

    /// The counts, then every list that has something.
    func report(styled: Bool) -> String {
        var text = summary(styled: styled)
        let lists: [(String, List, Paint)] = [
            ("Broken", broken, .red), ("Expired", expired, .red), ("Too strong", tooStrong, .yellow),
            ("Ends within 30 days", expiring, .yellow), ("Unused for 90 days", unused, .dim),
        ]
        for (title, list, paint) in lists where list.total > 0 {
            text += "\n" + paint("\(title): \(list.total)", styled: styled) + "\n"
            text += Table(header: Self.header, rows: list.credentials.map(\.row)).rendered(styled: styled)
            text += Self.more(list.total - list.credentials.count)
        }
        if let projects, projects.total > 0 {
            text += "\n" + Paint.red("Projects that lose something: \(projects.total)", styled: styled) + "\n"
            let rows = projects.projects.map {
                [$0.name ?? "", $0.projectId.description, $0.total.map { "\($0)" } ?? ""]
            }
            text += Table(header: ["PROJECT", "ID", "CREDENTIALS"], rows: rows).rendered(styled: styled)
            text += Self.more(projects.total - projects.projects.count)
        }
        return text
    }

    private static let header = ["NAME", "KIND", "STATE", "ENDS", "LAST USED", "PROJECTS", "ID"]

    private func summary(styled: Bool) -> String {
        let order = ["verified", "excessive", "insufficient", "rejected", "unreachable", "unverified"]
        let states = order.compactMap { state in byState[state].flatMap { $0 > 0 ? "\($0) \(state)" : nil } }
        let ends = ["1", "7", "14", "30"].compactMap { days -> String? in
            expiringWithinDays?[days].flatMap { $0 > 0 ? "\($0) within \(days) d" : nil }
        }
        return Table(fields: [
            ("Credentials", "\(total)"), ("States", states.isEmpty ? "none" : states.joined(separator: ", ")),
            ("Ending", ends.isEmpty ? "none that is known" : ends.joined(separator: ", ")),
        ]).rendered(styled: styled)
    }

    private static func more(_ count: Int) -> String {
        count > 0 ? "and \(count) more; --limit shows up to 100\n" : ""
    }
}

extension OrganizationHealth.Item {
    fileprivate var row: [String] {
        [
            name ?? "", registryType ?? "", verification?.state ?? "", verification?.expiresAt ?? "", lastUsedAt ?? "",
            projectIds.map { "\($0.count)" } ?? "", id.description,
        ]
    }
}
