import Foundation
import Tenancy
import TestSupport
import Testing

/// Every operation with every kind of key that must not do it: the exact status, nothing changed, nothing told.
@Suite("The tenant matrix")
struct TenantMatrixTests {
    @Test(arguments: Intruder.allCases)
    func everyOperationIsRefusedToWhoMayNot(_ intruder: Intruder) async throws {
        try await withRegistries { server, _ async throws in
            let world = try await World.make(on: server, named: "alpha")
            let foreign = try await World.make(on: server, named: "beta")
            let caller = server.caller(try await intruder.key(in: world, foreign: foreign))
            var before = try await server.contents()
            for operation in server.api.operations {
                let need = try #require(Need(operation), "\(operation.id) is in no row of the matrix")
                guard need != .nothing else { continue }
                let (path, body) = (world.path(operation), world.body(operation))
                if need == .user {
                    let expected = try #require(intruder.statusOfOwn(operation.id))
                    let answer = try await caller.send(operation.method, path, body)
                    #expect(answer.status == expected, "\(intruder): \(answer)")
                    if [.foreignAdministrator].contains(intruder) { #expect(answer.tells(world) == [], "\(answer)") }
                    if expected == 400 { #expect(answer.fields == ["projectIds[0]"], "\(answer)") }
                    let after = try await server.contents()
                    if expected >= 400 { #expect(after == before, "\(answer) changed something") }
                    before = after
                } else if intruder.may(need) {
                    guard operation.method == "GET" else { continue }
                    let answer = try await caller.send(operation.method, path, body)
                    #expect(answer.status == 200, "\(intruder) may: \(answer)")
                    #expect(answer.tells(foreign) == [], "\(answer)")
                } else {
                    let answer = try await caller.send(operation.method, path, body)
                    #expect((answer.status, answer.code) == (403, "forbidden"), "\(intruder): \(answer)")
                    #expect(answer.tells(world) == [], "\(answer)")
                }
            }
            #expect(try await server.contents() == before, "a refused request changed something")
        }
    }

    /// The other half of the matrix: what is refused to others is not refused to everybody.
    @Test func everyOperationIsDoneForAManagerWhoMay() async throws {
        try await withRegistries { server, _ async throws in
            for (index, operation) in server.api.operations.enumerated() {
                let need = try #require(Need(operation))
                guard need != .nothing, need != .user, Intruder.manager.may(need) else { continue }
                let world = try await World.make(on: server, named: "done-\(index)")
                let caller = server.caller(try await Intruder.manager.key(in: world, foreign: world))
                let answer = try await caller.send(operation.method, world.path(operation), world.body(operation))
                #expect((200...204).contains(answer.status), "\(answer)")
            }
        }
    }

    enum DeadKey: String, CaseIterable, Sendable {
        case none, garbage, damaged, unknown, expired, revoked, malformedBearer
    }

    @Test(arguments: DeadKey.allCases)
    func everyOperationIsRefusedToADeadKey(_ dead: DeadKey) async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "alpha")
            let key = try await Self.key(dead, server)
            let headers = dead == .malformedBearer ? [("Authorization", "Bearer prq_nothing")] : []
            var addresses = LoopbackAddresses()
            let before = try await server.contents()
            for operation in server.api.operations where !operation.isPublic {
                let caller = server.caller(key).from(addresses.next())
                let answer = try await caller.send(
                    operation.method,
                    world.path(operation),
                    world.body(operation),
                    headers: headers
                )
                #expect((answer.status, answer.code) == (401, "unauthenticated"), "\(dead): \(answer)")
                #expect(answer.tells(world) == [], "\(answer)")
            }
            if let key, dead != .garbage {
                let exchange = try await server.caller(nil).from(addresses.next()).exchange(key)
                #expect(exchange.status == 401, "\(exchange)")
            }
            #expect(try await server.contents() == before)
        }
    }

    private static func key(_ dead: DeadKey, _ server: RunningServer) async throws -> String? {
        switch dead {
        case .none, .malformedBearer: return nil
        case .garbage: return "prq_garbage"
        case .damaged:
            let last = server.first.key.last == "a" ? "b" : "a"
            return server.first.key.dropLast() + last
        case .unknown: return APIKeyText().reveal()
        case .expired:
            return try await server.makeKey(for: server.first.user, expiresAt: Date(timeIntervalSinceNow: -1))
        case .revoked:
            let made = try await server.admin.post("/user/api-keys", ["name": "to be revoked", "neverExpires": true])
            let key = try made.json["key"].string
            #expect(try await server.caller(key).get("/user/profile").status == 200)
            #expect(try await server.admin.delete("/user/api-keys/\(try made.created())").status == 204)
            return key
        }
    }

    /// A 403 is the same, to the byte, for an organization or project that exists and for one that does not.
    @Test func theAnswerDoesNotTellWhetherAnOrganizationOrProjectExists() async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "alpha")
            let foreign = try await World.make(on: server, named: "beta")
            let caller = server.caller(try await Intruder.foreignAdministrator.key(in: world, foreign: foreign))
            for operation in server.api.operations {
                guard let name = operation.pathParameters.first, ["organizationId", "projectId"].contains(name) else {
                    continue
                }
                let there = try await caller.send(operation.method, world.path(operation), world.body(operation))
                let absent = world.path(operation, replacing: [name: UUID().uuidString.lowercased()])
                let notThere = try await caller.send(operation.method, absent, world.body(operation))
                #expect(there.status == 403)
                #expect(there.withoutItsOwn == notThere.withoutItsOwn)
            }
        }
    }

    /// A 404 is the same, to the byte, for another tenant's id and for one that nobody has.
    @Test func theAnswerDoesNotTellWhetherAnIdBelowExists() async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "alpha")
            let foreign = try await World.make(on: server, named: "beta")
            let caller = server.caller(try await Intruder.foreignAdministrator.key(in: world, foreign: foreign))
            let before = try await server.contents()
            for operation in server.api.operations {
                guard let name = operation.pathParameters.last,
                    ["credentialId", "userId", "apiKeyId", "scanId", "imageId", "vulnerabilityId", "scheduleId"]
                        .contains(name)
                else { continue }
                let kind = operation.id.split(separator: "_").first.map(String.init) ?? ""
                let ids = [
                    "credentialId": world.credentials[kind] ?? world.credentials["harbor"] ?? "",
                    "userId": world.member,
                    "apiKeyId": world.spareKey,
                    "scanId": world.scan.scan,
                    "scheduleId": world.schedule,
                    "imageId": world.scan.image,
                    "vulnerabilityId": world.scan.findings.first ?? "",
                ]
                let foreignID = try #require(ids[name])
                let there = try await caller.send(
                    operation.method,
                    foreign.path(operation, replacing: [name: foreignID]),
                    foreign.body(operation)
                )
                let notThere = try await caller.send(
                    operation.method,
                    foreign.path(operation, replacing: [name: UUID().uuidString.lowercased()]),
                    foreign.body(operation)
                )
                #expect(there.status == 404, "\(there)")
                #expect(there.withoutItsOwn == notThere.withoutItsOwn)
                #expect(there.tells(world) == [], "\(there)")
            }
            #expect(try await server.contents() == before)
        }
    }
}

extension Answer {
    /// Which ids and names of `world` the answer tells that the request did not.
    func tells(_ world: World) -> [String] {
        let rest = wire.replacing(path, with: "")
        return world.traces.filter { rest.contains($0) }
    }

    /// The whole answer without what is each answer's own: time, request id and path.
    var withoutItsOwn: String {
        let own = ["date", "x-request-id"]
        let head = headers.filter { !own.contains($0.name) }.map { "\($0.name): \($0.value)" }.sorted().joined(
            separator: "\n"
        )
        let body = text.replacing(path, with: "<path>")
            .replacing(/"timestamp":"[^"]*"/, with: "<time>").replacing(/"requestId":"[^"]*"/, with: "<id>")
        return "\(status)\n\(head)\n\(body)"
    }
}
