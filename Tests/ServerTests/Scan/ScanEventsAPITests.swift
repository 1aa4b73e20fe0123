import AsyncHTTPClient
import Foundation
import NIOCore
import Storage
import TestSupport
import Testing

/// Streams of events over HTTP: they begin, and they end with the scan, the client, the key and the server.
@Suite("Events of scans", .timeLimit(.minutes(2))) struct ScanEventsAPITests {
    private func start(_ server: RunningServer, _ tag: String = "1") async throws -> String {
        let started = try await server.admin.post(
            "/project/\(server.first.project)/scan/container/start",
            ["imageToScan": .string("registry.example.com/app:\(tag)")]
        )
        return try started["location"].found("location")
    }

    @Test func streamTellsTheEndAndMindsNoLastEventID() async throws {
        try await withServer { server async throws in
            let path = try await start(server)
            async let answer = server.admin.send("GET", "\(path)/events", headers: [("Last-Event-ID", "no number")])
            _ = try await server.admin.post("\(path)/cancel")
            let text = try await answer.text
            #expect(text.contains("event: end\ndata: {") && text.contains(#""status":"cancelled""#), "\(text)")
            #expect(try await answer["content-type"] == "text/event-stream; charset=utf-8")
            let again = try await server.admin.get("\(path)/events")
            #expect(again.text.hasPrefix("retry: 3000\nid: 1\nevent: end\n"), "\(again)")
        }
    }

    @Test func streamEndsWhenTheServerStops() async throws {
        try await withServer { server async throws in
            let response = try await server.admin.open("\(try await start(server))/events")
            #expect(response.status == 200)
            var pieces = response.body.makeAsyncIterator()
            let first = try #require(try await pieces.next())
            #expect(String(buffer: first).contains("event: progress"))
            await server.stop()
            while let piece = try await pieces.next() { #expect(!String(buffer: piece).contains("event: end")) }
        }
    }

    @Test func streamEndsWhenItsKeyIsRevoked() async throws {
        try await withServer { server async throws in
            let made = try await server.admin.post("/user/api-keys", ["name": "short-lived", "neverExpires": true])
            let key = try made.json["key"].string.found("key")
            let response = try await server.caller(key).open("\(try await start(server))/events")
            var pieces = response.body.makeAsyncIterator()
            _ = try await pieces.next()
            #expect(try await server.admin.delete("/user/api-keys/\(try made.created())").status == 204)
            #expect(try await pieces.next() == nil)
        }
    }

    @Test func placeOfAClientThatIsGoneIsFreeAgain() async throws {
        try await withServer { server async throws in
            let path = "\(try await start(server))/events"
            // Whoever holds the responses holds the connections.
            var held: [(status: Int, body: HTTPClientResponse.Body)] = []
            while held.count < 16 {
                held.append(try await server.admin.open(path))
                #expect(held.last?.status == 200)
            }
            let refused = try await server.admin.get(path)
            #expect((refused.status, refused.code) == (429, "too-many-streams"), "\(refused)")
            held = []
            #expect(
                try await eventually {
                    let response = try await server.admin.open(path)
                    return response.status == 200
                }
            )
        }
    }
}
