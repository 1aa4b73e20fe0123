import Foundation

/// Who asks, as Harbor sees it. A credential that is not right makes nobody, which is no error.
enum HarborStubIdentity: Sendable {
    case nobody
    case robot(HarborStubRobot)
    case user(HarborStubUser)

    var isAuthenticated: Bool { if case .nobody = self { false } else { true } }
}

extension HarborStubState {
    /// What everybody may do in a public project; Read Repository is not among it.
    static let publicRights: Set<String> = [
        "project:read", "label:read", "label:list", "repository:list", "repository:pull", "tag:list", "artifact:read",
        "artifact:list", "artifact-addition:read", "accessory:list", "scan:read", "scanner:read",
    ]

    /// Pairs that some role of a project knows: only these are tested by the permissions endpoint.
    static let projectPairs: Set<String> = publicRights.union(HarborStubRobot.documentedRights).union([
        "repository:push", "repository:delete", "repository:update", "artifact:create", "artifact:delete", "tag:create",
        "tag:delete", "robot:create", "robot:read", "robot:list", "robot:delete", "member:create", "member:list",
        "project:update", "project:delete", "quota:read", "scan:create", "sbom:read",
    ])

    func identity(of request: StubRequest) -> (identity: HarborStubIdentity, delay: Duration) {
        if let token = request.bearer {
            guard let name = StubToken.claims(of: token)?["sub"] as? String, !name.isEmpty else {
                return (.nobody, .zero)
            }
            let found =
                robots.first { robotPrefix + $0.name == name }.map { HarborStubIdentity.robot($0) }
                ?? users.first { $0.name == name }.map { .user($0) }
            return (found ?? .nobody, .zero)
        }
        guard let (username, password) = request.basic else { return (.nobody, .zero) }
        if username.hasPrefix(robotPrefix) {
            let name = String(username.dropFirst(robotPrefix.count))
            if let robot = robots.first(where: { $0.name == name }), robot.secret == password, !robot.isDisabled,
                robot.expiresAt == -1 || Double(robot.expiresAt) > now.timeIntervalSince1970
            {
                return (.robot(robot), .zero)
            }
        }
        // What is no good robot is tried as a person, and a person's wrong password takes its time.
        if let user = users.first(where: { $0.name == username && $0.password == password }) {
            return (.user(user), .zero)
        }
        return (.nobody, wrongSecretDelay)
    }

    /// The rights that are the identity's own or everybody's.
    func rights(of identity: HarborStubIdentity, in project: HarborStubProject) -> Set<String> {
        let everybodys = project.isPublic ? HarborStubState.publicRights : []
        switch identity {
        case .nobody: return everybodys
        case .user(let user):
            if user.isAdministrator { return HarborStubState.projectPairs }
            return everybodys.union(user.permissions[project.name] ?? [])
        case .robot(let robot):
            var own = robot.permissions[project.name] ?? robot.permissions["*"] ?? []
            if robot.isProjectLevel, own.contains("repository:push") { own.insert("repository:pull") }
            return everybodys.union(own)
        }
    }

    func holds(_ right: String, _ identity: HarborStubIdentity, in project: HarborStubProject) -> Bool {
        // Read Project did not work for robots before 2.8.
        if right == "project:read", version.minor < 8, case .robot = identity, !project.isPublic { return false }
        return rights(of: identity, in: project).contains(right)
    }

    /// The projects that a list shows.
    func visibleProjects(to identity: HarborStubIdentity) -> [HarborStubProject] {
        projects.filter { project in
            if project.isPublic { return true }
            switch identity {
            case .nobody: return false
            case .user(let user): return user.isAdministrator || user.permissions[project.name] != nil
            case .robot(let robot):
                // Before 2.4 robots saw public projects only.
                return version.minor >= 4 && (robot.permissions[project.name] ?? robot.permissions["*"]) != nil
            }
        }
    }

    func project(_ nameOrID: String, isName: Bool) -> HarborStubProject? {
        if !isName, let id = Int(nameOrID) { return projects.first { $0.id == id } }
        return projects.first { $0.name == nameOrID }
    }

    func fullName(of identity: HarborStubIdentity) -> String {
        switch identity {
        case .nobody: ""
        case .robot(let robot): robotPrefix + robot.name
        case .user(let user): user.name
        }
    }
}
