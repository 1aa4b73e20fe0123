public import Foundation

/// A user of the stub.
public struct DockerHubStubUser: Sendable {
    /// The name.
    public var name: String
    /// The password.
    public var password: String
    /// Organizations whose private repositories the user may use.
    public var organizations: Set<String>
    /// Whether an organization of the user demands single sign-on: the password is then refused.
    public var requiresSingleSignOn = false

    /// A user.
    public init(name: String, password: String, organizations: Set<String> = []) {
        self.name = name
        self.password = password
        self.organizations = organizations
    }
}

/// An access token of the stub.
public struct DockerHubStubToken: Sendable {
    /// The login name that goes with it: the user, or the organization.
    public var identifier: String
    /// The token: `dckr_pat_…`, `dckr_oat_…`.
    public var secret: String
    /// Whether it is an organization's.
    public var isOrganizations: Bool
    /// Of a personal token: `repo:public_read`, `repo:read`, `repo:write`, `repo:admin`.
    public var scopes: [String]
    /// Of an organization's: scopes by path (`org/app`, `org/*`; the organization itself by its name).
    public var resources: [String: Set<String>]
    /// Whether it was switched off.
    public var isActive = true
    /// When it ends.
    public var expiresAt: Date?

    /// A user's token.
    public init(user: String, secret: String, scopes: [String]) {
        identifier = user
        self.secret = secret
        isOrganizations = false
        self.scopes = scopes
        resources = [:]
    }

    /// An organization's token.
    public init(organization: String, secret: String, resources: [String: Set<String>]) {
        identifier = organization
        self.secret = secret
        isOrganizations = true
        scopes = []
        self.resources = resources
    }
}

/// Everything that a StubDockerHub holds; tests change it while it runs.
public struct DockerHubStubState: Sendable {
    /// Its people.
    public var users: [DockerHubStubUser]
    /// Their tokens.
    public var tokens: [DockerHubStubToken]
    /// All repositories, `namespace/name`.
    public var repositories: [StubRepository]
    /// Requests to the API in a minute, and what is left.
    public var apiLimit = 180
    /// What is left of ``apiLimit``; a stub whose minute is over answers 429.
    public var apiRemaining = Int.max
    /// Pulls in six hours; nil for accounts without a limit, which get no headers.
    public var pullLimit: Int? = 200
    /// What is left of ``pullLimit``.
    public var pullRemaining = 200
    /// So many logins may fail until all are refused for a while.
    public var failedLoginsAllowed = 5
    /// Logins that failed.
    public var failedLogins = 0
    /// The longest page of a registry's tag list.
    public var tagListCap = 1_000
    /// The clock that expiry goes by.
    public var now = Date()

    /// A Docker Hub.
    public init(
        users: [DockerHubStubUser] = [],
        tokens: [DockerHubStubToken] = [],
        repositories: [StubRepository] = []
    ) {
        self.users = users
        self.tokens = tokens
        self.repositories = repositories
    }
}

/// Who asks, as Docker Hub sees it.
enum DockerHubStubIdentity: Sendable {
    case nobody
    case password(DockerHubStubUser)
    case token(DockerHubStubToken)

    var isOrganizationToken: Bool { if case .token(let token) = self { token.isOrganizations } else { false } }
    var isPersonalToken: Bool { if case .token(let token) = self { !token.isOrganizations } else { false } }

    var name: String {
        switch self {
        case .nobody: ""
        case .password(let user): user.name
        case .token(let token): token.identifier
        }
    }
}

extension DockerHubStubState {
    /// What a login comes to; nil when it is refused.
    func identity(_ identifier: String, _ secret: String) -> DockerHubStubIdentity? {
        if let token = tokens.first(where: { $0.secret == secret && $0.identifier == identifier }), token.isActive,
            token.expiresAt.map({ $0 > now }) ?? true
        {
            return .token(token)
        }
        if let user = users.first(where: { $0.name == identifier && $0.password == secret }), !user.requiresSingleSignOn
        {
            return .password(user)
        }
        return nil
    }

    /// The actions that the identity may take on a repository: pull, push, delete.
    func actions(of identity: DockerHubStubIdentity, on path: String) -> [String] {
        guard let repository = repositories.first(where: { $0.path == path }) else { return [] }
        let namespace = String(path.prefix { $0 != "/" })
        let everybodys = repository.isPrivate ? [] : ["pull"]
        switch identity {
        case .nobody: return everybodys
        case .password(let user): return isOf(user.name, namespace) ? ["pull", "push", "delete"] : everybodys
        case .token(let token) where token.isOrganizations:
            let scopes = token.scopes(on: path)
            var actions = everybodys
            if scopes.contains("scope-image-pull"), !actions.contains("pull") { actions.append("pull") }
            if scopes.contains("scope-image-push") { actions.append("push") }
            return actions
        case .token(let token):
            guard isOf(token.identifier, namespace) else { return everybodys }
            if token.scopes.contains("repo:admin") { return ["pull", "push", "delete"] }
            if token.scopes.contains("repo:write") { return ["pull", "push"] }
            return token.scopes.contains("repo:read") ? ["pull"] : everybodys
        }
    }

    /// Whether the API shows a repository; `scope` is what an organization's token needs for it.
    func isVisible(_ repository: StubRepository, to identity: DockerHubStubIdentity, scope: String) -> Bool {
        if !repository.isPrivate { return true }
        let namespace = String(repository.path.prefix { $0 != "/" })
        switch identity {
        case .nobody: return false
        case .password(let user): return isOf(user.name, namespace)
        case .token(let token) where token.isOrganizations:
            let path = scope == "scope-repository-list" ? token.identifier : repository.path
            return token.identifier == namespace && token.scopes(on: path).contains(scope)
        case .token(let token):
            return isOf(token.identifier, namespace) && token.scopes.contains { $0 != "repo:public_read" }
        }
    }

    private func isOf(_ user: String, _ namespace: String) -> Bool {
        user == namespace || users.first { $0.name == user }?.organizations.contains(namespace) ?? false
    }
}

extension DockerHubStubToken {
    fileprivate func scopes(on path: String) -> Set<String> {
        let namespace = String(path.prefix { $0 != "/" })
        return (resources[path] ?? []).union(resources["\(namespace)/*"] ?? [])
    }
}
