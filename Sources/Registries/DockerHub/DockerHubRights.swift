/// Rights of Docker Hub in its own words. Source: Docker documentation, "Access tokens"; Docker Hub API reference.
enum DockerHubRights {
    /// What kind of secret it is: they log in alike and may do different things.
    enum SecretKind: Sendable, Hashable {
        /// A user's access token, `dckr_pat_…`.
        case personal
        /// An organization's access token, `dckr_oat_…`.
        case organization
        /// The account's own password.
        case password

        /// By its form, else by what the login said of it.
        init(beginning: String, claims: DockerHubClaims) {
            if beginning.hasPrefix("dckr_pat_") || claims.source == "pat" {
                self = .personal
            } else if beginning.hasPrefix("dckr_oat_") || claims.source == "oat" {
                self = .organization
            } else {
                // Old personal tokens have no prefix; scopes are told of tokens only.
                self = claims.scopes == nil ? .password : .personal
            }
        }

        var title: String {
            switch self {
            case .personal: "personal access token"
            case .organization: "organization access token"
            case .password: "password"
            }
        }
    }

    /// What browsing and scanning need of a personal token.
    static let neededOfPersonal = "repo:read"

    /// What they need of an organization's token.
    static let listing = "scope-repository-list"
    static let reading = "scope-repository-read"
    static let readingTags = "scope-tag-read"
    static let pulling = "scope-image-pull"
    static let pushing = "scope-image-push"

    /// A personal token's scopes with those that they imply: admin, write, read, public_read, each the next.
    static func implied(by scopes: Set<String>) -> Set<String> {
        let levels = ["repo:admin", "repo:write", "repo:read", "repo:public_read"]
        guard let highest = levels.firstIndex(where: scopes.contains) else { return scopes }
        return scopes.union(levels[highest...])
    }
}
