import Foundation

/// Rights of Harbor as `resource:action`. Source: Harbor, src/common/rbac/const.go.
enum HarborRights {
    /// What browsing and scanning need: the nine rights that the product documents.
    static let needed: Set<String> = [
        "artifact:list", "artifact:read", "label:list", "label:read", "project:read", "repository:list",
        "repository:read", "repository:pull", "tag:list",
    ]

    /// What everybody may do in a public project. Source: Harbor, src/common/rbac/project/rbac_util.go.
    static let everybodysInPublicProjects: Set<String> = needed.subtracting(["repository:read"])

    /// Actions that change nothing. `scanner-pull` only reads past the policy that blocks pulls.
    private static let harmless: Set<String> = ["read", "list", "pull", "scanner-pull"]

    /// Rights that change something: pushing, deleting, administering robots, members, the project.
    static func excess(of held: Set<String>) -> Set<String> {
        held.filter { right in !harmless.contains(String(right.drop { $0 != ":" }.dropFirst())) }
    }

    /// What the actions of a registry token are called as rights.
    static func named(tokenActions: [String]) -> Set<String> {
        Set(
            tokenActions.compactMap { action in
                switch action {
                case "pull": "repository:pull"
                case "push": "repository:push"
                case "delete": "artifact:delete"
                default: nil
                }
            }
        )
    }
}

/// A pair as `/users/current/permissions` gives it.
struct HarborPermission: Decodable {
    let resource: String
    let action: String

    /// From the point of view of a project the project itself is `.`.
    var right: String { "\(resource == "." || resource.isEmpty ? "project" : resource):\(action)" }
}

/// Source: Harbor's API description, `UserResp`.
struct HarborUser: Decodable {
    let isAdministrator: Bool

    private enum CodingKeys: String, CodingKey {
        case flag = "sysadmin_flag"
        case byRole = "admin_role_in_auth"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isAdministrator =
            (container.lenient(Bool.self, .flag) ?? false) || (container.lenient(Bool.self, .byRole) ?? false)
    }
}

/// Source: Harbor's API description, `Robot`.
struct HarborRobot: Decodable, Sendable {
    let name: String
    /// Unix time in seconds; -1 for never.
    let expiresAt: Int64?

    private enum CodingKeys: String, CodingKey {
        case name
        case expiresAt = "expires_at"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        expiresAt = container.lenient(Int64.self, .expiresAt)
    }
}

/// Harbor's version, as far as decisions hang on it: `v2.11.0-70dd5d01`.
struct HarborVersion: Decodable, Sendable {
    /// `v2.11.0`; nil when the server does not tell.
    let text: String?
    /// 11 of `v2.11.0`.
    let minor: Int?

    private enum CodingKeys: String, CodingKey { case version = "harbor_version" }

    init() { (text, minor) = (nil, nil) }

    init(from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: CodingKeys.self).lenient(String.self, .version)
        // Only what looks like a version is shown.
        let isPlain = told?.utf8.allSatisfy { $0 > 32 && $0 < 127 } ?? false
        text = isPlain ? told.map { String($0.prefix { $0 != "-" }.prefix(32)) } : nil
        let parts = (text ?? "").drop { $0 == "v" }.split(separator: ".")
        minor = parts.count >= 2 && parts[0] == "2" ? Int(parts[1]) : nil
    }
}
