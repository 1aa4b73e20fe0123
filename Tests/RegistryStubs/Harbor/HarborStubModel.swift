public import Foundation

/// A version of Harbor that the stub can be; what differs between them stands in registry documentation and issues.
public enum HarborStubVersion: String, Sendable, CaseIterable {
    /// New robots, `/users/current/permissions` fails for them, projects do not list their private ones.
    case v2_2 = "v2.2.1-72ab2fd5"
    /// Robots see their private projects; Read Project does not work for them yet.
    case v2_4 = "v2.4.3-12bb2f8c"
    /// Everything works; the version is shown to everybody.
    case v2_11 = "v2.11.0-70dd5d01"
    /// The version is hidden from nobody in particular.
    case v2_13 = "v2.13.1-e5a9d5a8"

    var minor: Int {
        switch self {
        case .v2_2: 2
        case .v2_4: 4
        case .v2_11: 11
        case .v2_13: 13
        }
    }
}

/// A project of the stub.
public struct HarborStubProject: Sendable {
    /// Its number.
    public var id: Int
    /// Its name.
    public var name: String
    /// Whether everybody may read it.
    public var isPublic: Bool
    /// Set: it only caches another registry.
    public var registryID: Int?
    /// Repositories whose images policy blocks from being pulled.
    public var blockedRepositories: Set<String> = []
    /// Its repositories, with the project's name in their paths.
    public var repositories: [StubRepository]

    /// A project.
    public init(
        id: Int,
        name: String,
        isPublic: Bool = false,
        registryID: Int? = nil,
        repositories: [StubRepository] = []
    ) {
        self.id = id
        self.name = name
        self.isPublic = isPublic
        self.registryID = registryID
        self.repositories = repositories
    }
}

/// A robot of the stub.
public struct HarborStubRobot: Sendable {
    /// The name as stored: `project+name` or `name`, without the prefix.
    public var name: String
    /// The secret.
    public var secret: String
    /// Projects (or `*`) with the rights in them, as `resource:action`.
    public var permissions: [String: Set<String>]
    /// Whether it belongs to one project.
    public var isProjectLevel: Bool
    /// Whether it was switched off.
    public var isDisabled = false
    /// Unix time, -1 for never.
    public var expiresAt: Int = -1

    /// A robot of one project.
    public init(project: String, name: String, secret: String, rights: Set<String> = HarborStubRobot.documentedRights) {
        self.name = "\(project)+\(name)"
        self.secret = secret
        permissions = [project: rights]
        isProjectLevel = true
    }

    /// A robot of the system.
    public init(system name: String, secret: String, permissions: [String: Set<String>]) {
        self.name = name
        self.secret = secret
        self.permissions = permissions
        isProjectLevel = false
    }

    /// The nine rights of the published documentation.
    public static let documentedRights: Set<String> = [
        "artifact:list", "artifact:read", "label:list", "label:read", "project:read", "repository:list",
        "repository:read", "repository:pull", "tag:list",
    ]
}

/// A person's account of the stub.
public struct HarborStubUser: Sendable {
    /// The name.
    public var name: String
    /// The password.
    public var password: String
    /// Whether it administers the system.
    public var isAdministrator: Bool
    /// Rights by project.
    public var permissions: [String: Set<String>]

    /// An account.
    public init(
        name: String,
        password: String,
        isAdministrator: Bool = false,
        permissions: [String: Set<String>] = [:]
    ) {
        self.name = name
        self.password = password
        self.isAdministrator = isAdministrator
        self.permissions = permissions
    }
}

/// Everything that a StubHarbor holds; tests change it while it runs.
public struct HarborStubState: Sendable {
    /// Which Harbor it is.
    public var version: HarborStubVersion
    /// Its projects.
    public var projects: [HarborStubProject]
    /// Its robots.
    public var robots: [HarborStubRobot]
    /// Its people.
    public var users: [HarborStubUser] = []
    /// What stands before a robot's name; a setting of the server.
    public var robotPrefix = "robot$"
    /// The scheme that its configuration claims; nil: the one that it is reached by.
    public var externalScheme: String?
    /// How long a wrong secret of a person takes: 1.5 s in truth.
    public var wrongSecretDelay = Duration.zero
    /// The clock that expiry goes by.
    public var now = Date()
    /// Manifests that were pulled: only GET counts.
    public var pulls = 0

    /// A Harbor.
    public init(
        version: HarborStubVersion = .v2_13,
        projects: [HarborStubProject] = [],
        robots: [HarborStubRobot] = []
    ) {
        self.version = version
        self.projects = projects
        self.robots = robots
    }
}
