import Foundation

extension HarborStubCall {
    var systemInfo: StubAnswer {
        var body: [String: Any] = ["auth_mode": "db_auth", "self_registration": false]
        // Anonymous callers see the version up to 2.12 only.
        if identity.isAuthenticated || state.version.minor <= 12 { body["harbor_version"] = state.version.rawValue }
        if identity.isAuthenticated {
            body["external_url"] = "\(state.externalScheme ?? scheme)://\(request["Host"] ?? "")"
            body["registry_url"] = request["Host"] ?? ""
            body["read_only"] = false
            body["current_time"] = stubTime(state.now)
        }
        return .json(body)
    }

    var currentUser: StubAnswer {
        switch identity {
        case .nobody: HarborStubCall.unauthorized
        case .robot:
            .errors(412, "PRECONDITION", "get current user not available for security context: robot")
        case .user(let user):
            .json(["user_id": 3, "username": user.name, "sysadmin_flag": user.isAdministrator])
        }
    }

    var permissions: StubAnswer {
        guard identity.isAuthenticated else { return HarborStubCall.unauthorized }
        if case .robot = identity, state.version.minor < 3 {
            return .errors(500, "UNKNOWN", "internal server error")
        }
        guard let scope = request.query("scope") else { return .json(NSNull()) }
        // A name does not parse as a number and gives an empty list.
        guard scope.hasPrefix("/project/"), let id = Int(scope.dropFirst("/project/".count)),
            let project = state.projects.first(where: { $0.id == id })
        else { return .json([] as [Any]) }
        let held = HarborStubState.projectPairs.filter { state.holds($0, identity, in: project) }.sorted()
        let isRelative = request.query("relative") == "true"
        return .json(
            held.map { right -> [String: String] in
                let parts = right.split(separator: ":").map(String.init)
                // The project itself is `.` from its own point of view.
                let relative = parts[0] == "project" ? "." : parts[0]
                let absolute = parts[0] == "project" ? "/project/\(id)" : "/project/\(id)/\(parts[0])"
                return ["resource": isRelative ? relative : absolute, "action": parts[1]]
            }
        )
    }

    var robots: StubAnswer {
        let query = request.query("q")?.removingPercentEncoding ?? ""
        let terms = Dictionary(
            query.split(separator: ",").map { term in
                let parts = term.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            },
            uniquingKeysWith: { $1 }
        )
        guard identity.isAuthenticated else { return HarborStubCall.unauthorized }
        let name = state.fullName(of: identity)
        guard terms["Level"] == "project", let id = terms["ProjectID"].flatMap({ Int($0) }),
            let project = state.projects.first(where: { $0.id == id }), state.version.minor >= 2,
            state.holds("robot:list", identity, in: project)
        else { return .errors(403, "FORBIDDEN", name) }
        let found = state.robots.filter { $0.isProjectLevel && $0.name.hasPrefix("\(project.name)+") }
        return page(count: found.count) { index in
            let robot = found[index]
            return [
                "id": index + 1, "name": state.robotPrefix + robot.name, "level": "project",
                "disable": robot.isDisabled, "expires_at": robot.expiresAt,
                "duration": robot.expiresAt == -1 ? -1 : 30, "editable": true,
                "creation_time": stubTime(StubArtifact.someday), "update_time": stubTime(StubArtifact.someday),
                "permissions": [
                    [
                        "kind": "project", "namespace": project.name,
                        "access": (robot.permissions[project.name] ?? []).sorted().map { right in
                            let parts = right.split(separator: ":").map(String.init)
                            return ["resource": parts[0], "action": parts[1]]
                        },
                    ]
                ],
            ] as [String: Any]
        }
    }
}
