import TestSupport

/// One organization with everything in it that an operation can name, made new for each operation that changes something.
struct World: Sendable {
    let server: RunningServer
    let organization: String
    let project: String
    let secondProject: String
    /// A member of the organization and, as `developer`, of the first project.
    let member: String
    /// A member of the organization and of no project.
    let outsider: String
    /// One credential of each kind, linked to the first project.
    let credentials: [String: String]
    /// An API key of the first administrator that nobody uses.
    let spareKey: String
    let names: [String]
    /// A scan of the first project with a result.
    let scan: SeededScan
    /// A schedule of the first project.
    let schedule: String

    static func make(on server: RunningServer, named name: String) async throws -> World {
        let organization = try await server.makeOrganization("organization-\(name)")
        let project = try await server.makeProject("project-\(name)", in: organization)
        let second = try await server.makeProject("second-\(name)", in: organization)
        let member = try await server.makeMember("member-\(name)", role: "member", in: organization)
        let outsider = try await server.makeMember("outsider-\(name)", role: "member", in: organization)
        let joined = try await server.admin.post(
            "/project/\(project)/members",
            ["userId": .string(member), "role": "developer"]
        )
        _ = try joined.created("userId")
        var credentials: [String: String] = [:]
        for kind in RunningServer.kinds {
            credentials[kind] = try await server.store(kind, in: organization, project: project, label: "label-\(name)")
        }
        let spare = try await server.admin.post("/user/api-keys", ["name": .string("spare-\(name)")])
        let schedule = try await server.admin.post(
            "/project/\(project)/scan/schedules",
            ["imageName": .string("registry.example.com/label-\(name):v*"), "when": "on_change"]
        ).created()
        return World(
            server: server,
            organization: organization,
            project: project,
            secondProject: second,
            member: member,
            outsider: outsider,
            credentials: credentials,
            spareKey: try spare.created(),
            names: ["organization", "project", "second", "member", "outsider", "label", "spare"].map {
                "\($0)-\(name)"
            },
            scan: try await server.seedScan(
                in: project,
                of: organization,
                repository: "registry.example.com/label-\(name)",
                branch: "label-\(name)"
            ),
            schedule: schedule
        )
    }

    /// Every id and name that somebody of another organization must not see.
    var traces: [String] {
        [organization, project, secondProject, member, outsider, scan.scan, scan.image, schedule] + scan.findings
            + credentials.values + names
    }

    /// The path of `operation` with this world's ids in place of its parameters.
    ///
    /// Required parameters of the query are there too; `query` goes before them.
    func path(
        _ operation: APIContract.Operation,
        replacing others: [String: String] = [:],
        query: [String: String] = [:]
    ) -> String {
        let kind = operation.id.split(separator: "_").first.map(String.init) ?? ""
        let values = [
            "organizationId": organization, "projectId": project, "userId": member, "apiKeyId": spareKey,
            "scanId": scan.scan, "imageId": scan.image, "vulnerabilityId": scan.findings.first ?? "",
            "scheduleId": schedule, "registryType": "harbor",
            "credentialId": credentials[kind] ?? credentials["harbor"] ?? "",
            "repository": StubRegistries.repositories[kind]?.inPath ?? "",
            "repositoryName": StubRegistries.repositories[kind]?.inPath ?? "",
        ].merging(others) { $1 }
        let path = operation.path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            segment.hasPrefix("{") ? values[String(segment.dropFirst().dropLast())] ?? "" : String(segment)
        }.joined(separator: "/")
        let required = operation.json["parameters"].items.filter { $0["in"] == "query" && $0["required"] == true }
            .compactMap { $0["name"].string }.map { ($0, values[$0] ?? "") }
        // One of three is required, which no schema can say.
        let asked = operation.id == "listHoldingImages" ? [("vulnerability", "CVE-2026-0001")] : []
        let all = Dictionary(required + asked) { $1 }.merging(query) { $1 }.map { "\($0.key)=\($0.value)" }.sorted()
        return all.isEmpty ? path : "\(path)?\(all.joined(separator: "&"))"
    }

    /// A right body for `operation`; nil when it takes none, or when this table does not know it.
    func body(_ operation: APIContract.Operation) -> TestJSON? {
        guard operation.takesBody else { return nil }
        let parts = operation.id.split(separator: "_").map(String.init)
        if parts.count == 2, RunningServer.kinds.contains(parts[0]) {
            switch parts[1] {
            case "storeCredential": return RunningServer.storeBody(parts[0], project: project, label: "stored")
            case "rotateCredential": return RunningServer.rotateBody(parts[0], secret: "next")
            case "verifyCredential": return [:]
            case "startScan":
                return ["credentialId": .string(credentials[parts[0]] ?? ""), "imageName": "app:1.0", "branch": "main"]
            case "updateCredential": return ["name": "renamed", "description": nil]
            default: return nil
            }
        }
        switch operation.id {
        case "setCredentialProjects": return ["projectIds": [.string(secondProject)]]
        case "bulkApplyCredential":
            var body = RunningServer.storeBody("harbor", project: project, label: "bulk").without("projectId")
            body["registryType"] = "harbor"
            body["name"] = "bulk"
            body["projectIds"] = [.string(project), .string(secondProject)]
            return body
        case "createOrganization", "updateOrganization": return ["name": "another name"]
        case "addMember": return ["name": "new member", "role": "manager", "issueKey": true]
        case "setMemberRole": return ["userId": .string(member), "role": "manager"]
        case "createProject": return ["name": "third", "description": "a third one"]
        case "updateProject": return ["name": "renamed project"]
        case "addProjectMember": return ["userId": .string(outsider), "role": "analyst"]
        case "setProjectMemberRole": return ["userId": .string(member), "role": "read_only"]
        case "createAPIKey": return ["name": "another key", "permissions": ["read"], "projectIds": [.string(project)]]
        case "startPublicScan": return ["imageToScan": "node:18-alpine", "sourceType": "cli"]
        case "createSchedule":
            return [
                "imageName": "app:release-*", "when": "daily", "credentialId": .string(credentials["harbor"] ?? ""),
            ]
        // Nothing is fetched: policy forbids the address.
        case "importAdvisories": return ["url": "https://127.0.0.1/all.zip"]
        case "updateSchedule": return ["when": "weekly", "isEnabled": false, "branch": nil]
        case "decideFinding": return ["status": "ignored", "reason": "not reached"]
        case "decideFindings":
            return ["status": "confirmed", "vulnerabilityIds": .array(scan.findings.map { .string($0) })]
        case "importVEX":
            return [
                "@context": "https://openvex.dev/ns/v0.2.0",
                "statements": [
                    [
                        "vulnerability": ["name": "CVE-2026-0001"], "status": "fixed",
                        "products": [["@id": "pkg:deb/debian/openssl"]],
                    ]
                ],
            ]
        case "updateProfile": return ["name": "another administrator"]
        default: return nil
        }
    }
}
