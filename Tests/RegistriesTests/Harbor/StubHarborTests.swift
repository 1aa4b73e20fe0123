import Foundation
import Registries
import RegistryStubs
import Sealing
import Synchronization
import Testing

/// That the stub keeps Harbor's rules: a double that is kinder than Harbor proves nothing.
@Suite struct StubHarborTests {
    private static let robot = OutboundRequest.Authorization.basic(
        username: "robot$demo+reader",
        password: Secret("Good-Secret-1")
    )
    private static let deadRobot = OutboundRequest.Authorization.basic(
        username: "robot$demo+reader",
        password: Secret("Wrong-Secret-1")
    )

    private func ask(
        _ world: StubWorld,
        _ url: String,
        _ authorization: OutboundRequest.Authorization?,
        _ method: OutboundRequest.Method = .get,
        headers: [(name: String, value: String)] = []
    ) async throws -> OutboundResponse {
        try await world.outbound.send(
            OutboundRequest(
                method,
                try OutboundURL(url),
                headers: headers,
                authorization: authorization,
                bodyLimit: .listPage
            )
        )
    }

    @Test(arguments: [
        // Nobody and a live robot, by path: what Harbor's permission table says.
        ("/api/v2.0/ping", 200, 200), ("/api/v2.0/projects", 200, 200), ("/api/v2.0/systeminfo", 200, 200),
        ("/api/v2.0/users/current", 401, 412), ("/api/v2.0/users/current/permissions", 401, 200),
        ("/api/v2.0/permissions", 401, 403), ("/api/v2.0/robots", 401, 403),
        ("/api/v2.0/projects/demo", 401, 200), ("/api/v2.0/projects/nowhere", 401, 403),
        ("/api/v2.0/projects/demo/repositories?page_size=100", 401, 200),
        ("/api/v2.0/projects/demo/repositories?page_size=101", 401, 422),
        ("/api/v2.0/projects/demo/repositories/team%252Fapp/artifacts", 401, 200),
        ("/api/v2.0/projects/demo/repositories/team%2Fapp/artifacts", 404, 404),
        ("/service/token?service=harbor-registry", 401, 200),
        ("/service/token?service=harbor-registry&scope=repository:demo/x:pull", 200, 200),
        ("/service/token?service=else", 400, 400), ("/v2/", 401, 200), ("/v2/_catalog", 401, 401),
        ("/v2/demo/worker/tags/list", 401, 200), ("/v2/other/worker/tags/list", 401, 401),
        ("/v2/demo/nothing/tags/list", 401, 404), ("/harbor/projects/3", 200, 200),
    ])
    func answersNobodyAndARobot(path: String, nobody: Int, robot: Int) async throws {
        try await withHarbor { stub, world in
            // A dead robot is nobody, in every answer.
            let dead = try await ask(world, stub.address + path, Self.deadRobot)
            let live = try await ask(world, stub.address + path, Self.robot)
            #expect(dead.status == nobody)
            #expect(live.status == robot)
        }
    }

    @Test func tokenServiceTakesNoPOSTAndLeavesAccessTokenEmpty() async throws {
        try await withHarbor { stub, world in
            let url = stub.address + "/service/token?service=harbor-registry"
            #expect(try await ask(world, url, Self.robot, .post).status == 405)
            let body =
                try JSONSerialization.jsonObject(with: Data(try await ask(world, url, Self.robot).body))
                as? [String: Any]
            #expect(body?["access_token"] as? String == "")
            #expect((body?["token"] as? String)?.isEmpty == false)
        }
    }

    @Test func challengeIsForATokenUntilSomethingIsSent() async throws {
        try await withHarbor { stub, world in
            let url = stub.address + "/v2/demo/worker/manifests/v0"
            let first = try await ask(world, url, nil)
            #expect(
                first.headers["WWW-Authenticate"]?.hasPrefix("Bearer realm=\"\(stub.address)/service/token\"") ?? false
            )
            let second = try await ask(world, url, Self.deadRobot)
            #expect(second.headers["WWW-Authenticate"] == "Basic realm=\"harbor\"")
        }
    }

    @Test func linkIsRelativeAndNotEscaped() async throws {
        try await withHarbor { stub, world in
            let url = stub.address + "/api/v2.0/projects/demo/repositories?page_size=1&q=name%3D~e%20%2C"
            let link = try await ask(
                world,
                stub.address + "/api/v2.0/projects/demo/repositories?page_size=1&sort=name%2Cid",
                Self.robot
            )
            .headers["Link"]
            #expect(link == "</api/v2.0/projects/demo/repositories?sort=name,id&page=2&page_size=1>; rel=\"next\"")
            #expect(try await ask(world, url, Self.robot).status == 200)
        }
    }

    @Test func sessionIsSetAndHeldAgainstTheClient() async throws {
        try await withHarbor { stub, world in
            let first = try await ask(world, stub.address + "/api/v2.0/ping", nil)
            #expect(first.headers["Set-Cookie"]?.hasPrefix("sid=") ?? false)
            // The client under test keeps no cookie, so that the rule is asked of the stub itself.
            #expect(stub.record.cookies == [])
        }
    }

    @Test func manifestIsThereForThoseWhoAcceptIt() async throws {
        try await withHarbor { stub, world in
            let url = stub.address + "/v2/demo/worker/manifests/v0"
            let json = try await ask(world, url, Self.robot, headers: [("Accept", "application/json")])
            #expect(json.status == 404)
            let accept = [(name: "Accept", value: "application/vnd.oci.image.manifest.v1+json")]
            #expect(try await ask(world, url, Self.robot, .head, headers: accept).status == 200)
            #expect(stub.state.withLock { $0.pulls } == 0)
            #expect(try await ask(world, url, Self.robot, headers: accept).status == 200)
            #expect(stub.state.withLock { $0.pulls } == 1)
        }
    }

    @Test func projectOfThePermissionsIsItsNumber() async throws {
        try await withHarbor { stub, world in
            let base = stub.address + "/api/v2.0/users/current/permissions?relative=true&scope=/project/"
            let named = try await ask(world, base + "demo", Self.robot)
            #expect(String(decoding: named.body, as: UTF8.self) == "[]")
            let numbered = String(decoding: try await ask(world, base + "7", Self.robot).body, as: UTF8.self)
            #expect(numbered.contains(#"{"action":"read","resource":"."}"#))
            #expect(!numbered.contains(#""resource":"project""#))
        }
    }

    @Test(arguments: [
        (HarborStubVersion.v2_2, true, 500), (.v2_4, true, 200), (.v2_11, true, 200), (.v2_13, false, 200),
    ])
    func versionsDifferAsTheyDo(version: HarborStubVersion, isShownToNobody: Bool, permissions: Int) async throws {
        try await withHarbor {
            $0.version = version
        } _: { stub, world in
            let info = try await ask(world, stub.address + "/api/v2.0/systeminfo", nil)
            #expect(String(decoding: info.body, as: UTF8.self).contains("harbor_version") == isShownToNobody)
            let url = stub.address + "/api/v2.0/users/current/permissions"
            #expect(try await ask(world, url, Self.robot).status == permissions)
            let projects = try await ask(world, stub.address + "/api/v2.0/projects", Self.robot)
            #expect(projects.headers["X-Total-Count"] == (version == .v2_2 ? "0" : "1"))
        }
    }
}
