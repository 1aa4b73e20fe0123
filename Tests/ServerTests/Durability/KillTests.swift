import Foundation
import Sealing
import Storage
import Synchronization
import Tenancy
import TestSupport
import Testing

/// Promise 5: an acknowledged write survives `kill -9`.
@Suite("Killed")
struct KillTests {
    private static let rounds = 30
    private static let writers = 16

    @Test func everyAcknowledgedCredentialSurvivesThirtyKillsUnderSixteenWriters() async throws {
        try await withTemporaryDirectory { directory in
            let ledger = Ledger()
            for round in 0..<Self.rounds {
                // The moment is told by the writes that were acknowledged, not by a clock.
                let killAfter = Int.random(in: 1...120)
                let arguments =
                    ["--log-level", "notice"]
                    + (round == 0 ? ["--bootstrap-key-file", directory.file("first-key")] : [])
                let outcome = try await withServeProcess(in: directory, arguments: arguments) { process in
                    let place = try await Place(process, directory)
                    try await Self.check(ledger.lastRound, process, place)
                    ledger.beginRound()
                    await Self.write(until: killAfter, process, place, ledger, round)
                    return place
                }
                #expect(outcome.exitCode == nil, "it ended by itself: \(outcome.log.suffix(3))")
                let place = try #require(outcome.result, "it did not start again: \(outcome.log.suffix(3))")
                #expect(ledger.count >= killAfter)
                try await Self.checkRows(directory, ledger.all, place)
            }
            let last = try await withServeProcess(in: directory, arguments: ["--log-level", "notice"]) { process in
                try await Self.check(ledger.all, process, Place(process, directory))
            }
            #expect(last.result != nil)
            #expect(ledger.all.count >= Self.rounds)
            #expect(ledger.all.values.contains { $0.version > 1 }, "no rotation was ever acknowledged")
        }
    }

    /// Where the writers write, and with which key.
    private struct Place: Sendable {
        let key: String
        let organization: String
        let project: String

        init(_ process: ServeProcess, _ directory: TemporaryDirectory) async throws {
            key = String(decoding: try directory.contents(of: "first-key"), as: UTF8.self).trimmingCharacters(
                in: .newlines
            )
            let profile = try await process.send("GET", "/user/profile", key: key).json
            organization = try profile["organizations"][0]["id"].string.found("organization")
            let projects = try await process.send("GET", "/organization/\(organization)/projects", key: key).json
            project = try projects["projects"][0]["id"].string.found("project")
        }
    }

    /// Sixteen writers store and rotate until so many writes are acknowledged; the one that counts the last one kills.
    private static func write(
        until killAfter: Int,
        _ process: ServeProcess,
        _ place: Place,
        _ ledger: Ledger,
        _ round: Int
    ) async {
        await withTaskGroup { group in
            for writer in 0..<writers {
                group.addTask {
                    let collection = CredentialPath.collection("harbor", place.organization)
                    for number in 0... {
                        let label = "r\(round)w\(writer)n\(number)"
                        let body = RunningServer.storeBody(
                            "harbor",
                            project: place.project,
                            secret: "\(label)-v1",
                            label: label
                        )
                        // A writer ends when its connection does: that is the kill.
                        guard let stored = try? await process.send("POST", collection, key: place.key, body),
                            stored.status == 201,
                            let id = try? stored.json["id"].string
                        else { return }
                        if ledger.acknowledge(id, Entry(label: label, version: 1)) == killAfter { process.kill() }
                        // What another connection reads is committed, and what is committed survives a kill. A write that
                        // is acknowledged a moment too early is seen here, where a kill would have to hit that moment.
                        if let read = try? await process.send("GET", "\(collection)/\(id)", key: place.key) {
                            #expect(read.status == 200, "acknowledged before it was committed: \(label)")
                        }
                        guard number % 3 == 2 else { continue }
                        let next = RunningServer.rotateBody("harbor", secret: "\(label)-v2")
                        guard
                            let rotated = try? await process.send(
                                "POST",
                                "\(collection)/\(id)/rotate",
                                key: place.key,
                                next
                            ),
                            rotated.status == 200
                        else { return }
                        if ledger.acknowledge(id, Entry(label: label, version: 2)) == killAfter { process.kill() }
                    }
                }
            }
        }
    }

    /// Over HTTP, through the organization: each is there, with its link, in at least the acknowledged version.
    private static func check(_ entries: [String: Entry], _ process: ServeProcess, _ place: Place) async throws {
        for (id, entry) in entries {
            let answer = try await process.send(
                "GET",
                CredentialPath.collection("harbor", place.organization) + "/\(id)",
                key: place.key
            )
            #expect(answer.status == 200, "\(entry): \(answer)")
            guard answer.status == 200 else { continue }
            let json = try answer.json
            #expect(json["harborProject"].string == "p-\(entry.label)")
            #expect((json["version"].integer ?? 0) >= entry.version, "\(entry): \(answer)")
            #expect(json["projectIds"] == [.string(place.project)])
        }
    }

    /// In the files that the killed process left: each opens to the secret of its version, and no half row exists.
    private static func checkRows(
        _ directory: TemporaryDirectory,
        _ entries: [String: Entry],
        _ place: Place
    ) async throws {
        let keyring = try Keyring(RootKeyFile(path: directory.file("data/root.key")).load())
        let organization = try #require(OrganizationID(place.organization))
        // On a copy, so that the next start has to recover by itself.
        let copy = directory.file("copy")
        try FileManager.default.copyItem(atPath: directory.file("data"), toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let database = try SQLiteDatabase(path: copy + "/pratique.sqlite")
        try await database.read { session in
            #expect(try session.query("PRAGMA integrity_check", []).map { try $0.text(0) } == ["ok"])
            #expect(try session.query("PRAGMA foreign_key_check", []).isEmpty)
            let store = CredentialStore(session)
            let all = try store.list(in: organization, kind: nil, page: Page(number: 1, size: 1_000_000)).items
            #expect(Set(entries.keys).isSubset(of: all.map(\.id.description)))
            #expect(
                try session.count("SELECT COUNT(*) FROM credential_project", []) == all.count,
                "a store and its link are one"
            )
            for credential in all {
                let sealed = try #require(try store.sealedSecret(of: credential.id, in: organization))
                let opened = try keyring.open(sealed, for: credential.sealingContext)
                let label = credential.publicFields["harborProject"]?.dropFirst(2) ?? ""
                #expect(opened["password"] == Secret("\(label)-v\(credential.version)"))
            }
        }
        await database.close()
    }

    struct Entry: Sendable {
        let label: String
        let version: Int
    }

    /// What was acknowledged.
    private final class Ledger: Sendable {
        private let state = Mutex<(all: [String: Entry], lastRound: [String: Entry], count: Int)>(([:], [:], 0))

        var all: [String: Entry] { state.withLock { $0.all } }
        var lastRound: [String: Entry] { state.withLock { $0.lastRound } }
        var count: Int { state.withLock { $0.count } }

        func beginRound() { state.withLock { ($0.lastRound, $0.count) = ([:], 0) } }

        /// Notes an acknowledged write; returns how many there are in this round.
        func acknowledge(_ id: String, _ entry: Entry) -> Int {
            state.withLock { state in
                state.all[id] = entry
                state.lastRound[id] = entry
                state.count += 1
                return state.count
            }
        }
    }
}
