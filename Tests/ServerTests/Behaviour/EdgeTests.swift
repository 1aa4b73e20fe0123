import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

@Suite("The edge")
struct EdgeTests {
    @Test func aHarmlessRequestIdComesBackAndAnythingElseIsReplaced() async throws {
        try await withServer { server async throws in
            let given = "trace-1_2.3:4"
            let answer = try await server.admin.send("GET", "/user/profile", headers: [("X-Request-Id", given)])
            #expect(answer["x-request-id"] == given)
            #expect(try server.log().contains("\"requestId\":\"\(given)\""))
            for wrong in ["two words", String(repeating: "x", count: 129), "a\"b", "<x>", "a,b"] {
                let answer = try await server.admin.send("GET", "/nowhere", headers: [("X-Request-Id", wrong)])
                let id = try #require(answer["x-request-id"])
                #expect(id.wholeMatch(of: /[0-9a-f]{16}/) != nil, "\(id)")
            }
            let ids = try await [
                server.admin.get("/livez")["x-request-id"], server.admin.get("/livez")["x-request-id"],
            ]
            #expect(ids[0] != ids[1])
        }
    }

    @Test func aBodyOverTheLimitIsRefusedHoweverItComes() async throws {
        try await withServer { server async throws in
            let (path, header) = ("/organizations", [("content-type", "application/json")])
            let told = try await server.admin.send("POST", path, bytes: [UInt8](repeating: 32, count: 65_537))
            #expect(told.status == 413)
            let chunks = AsyncStream<ByteBuffer> { source in
                for _ in 0..<65 { source.yield(ByteBuffer(repeating: 32, count: 1_024)) }
                source.finish()
            }
            let chunked = try await server.admin.send(
                "POST",
                path,
                body: .stream(chunks, length: .unknown),
                headers: header
            )
            #expect(chunked.status == 413)
            let spaces = [UInt8](repeating: 32, count: 65_536 - 12) + Array("{\"name\":\"a\"}".utf8)
            #expect(
                try await server.admin.send("POST", path, bytes: spaces).status == 201,
                "the limit itself is allowed"
            )
        }
    }

    @Test func aBodyThatComesInPiecesIsRead() async throws {
        try await withServer { server async throws in
            let pieces = AsyncStream<ByteBuffer> { source in
                for byte in "{\"name\":\"in pieces\"}".utf8 { source.yield(ByteBuffer(bytes: [byte])) }
                source.finish()
            }
            let answer = try await server.admin.send(
                "POST",
                "/organizations",
                body: .stream(pieces, length: .unknown),
                headers: [("content-type", "application/json")]
            )
            #expect(try answer.json["name"] == "in pieces")
        }
    }

    @Test func aRequestThatDoesNotArriveWithinTheDeadlineIsCutOff() async throws {
        var options = ServerOptions()
        options.requestDeadline = .milliseconds(200)
        try await withServer(options: options) { server async throws in
            let (body, source) = AsyncStream.makeStream(of: ByteBuffer.self)
            source.yield(ByteBuffer(string: "{\"name\":"))
            await #expect(throws: (any Error).self) {
                try await server.admin.send(
                    "POST",
                    "/organizations",
                    body: .stream(body, length: .known(Int64(100))),
                    headers: [("content-type", "application/json")]
                )
            }
            source.finish()
            #expect(try await server.admin.get("/livez").status == 200)
            #expect(try await server.admin.get("/organizations").json["total"] == 1)
        }
    }

    @Test func tooManyOrTooLargeHeadersAreRefused() async throws {
        try await withServer { server async throws in
            let large = [("x-large", String(repeating: "h", count: 20_000))]
            let many = (0..<150).map { ("x-\($0)", "h") }
            for headers in [large, many] {
                let refused = try? await server.statusOfLiveness(headers)
                #expect(refused == nil || (400...499).contains(refused ?? 0), "\(refused ?? 0)")
            }
            #expect(try await server.admin.get("/livez").status == 200)
        }
    }

    @Test func headIsGetWithoutTheBody() async throws {
        try await withServer { server async throws in
            for path in ["/livez", "/user/profile", "/organization/\(server.first.organization)/projects", "/docs"] {
                let (get, head) = (try await server.admin.get(path), try await server.admin.send("HEAD", path))
                // What is recorded between the two, as the last use of a key, is in the second `GET`.
                let lengths = ["\(get.body.count)", "\(try await server.admin.get(path).body.count)"]
                #expect(head.status == 200 && head.body.isEmpty)
                #expect(lengths.contains(head["content-length"] ?? "") && head["content-type"] == get["content-type"])
            }
            #expect(try await server.caller(nil).send("HEAD", "/user/profile").status == 401)
            #expect(try await server.admin.send("HEAD", "/nowhere").status == 404)
        }
    }

    @Test func readsAreLoggedAtDebugAndChangesAtInfo() async throws {
        var options = ServerOptions()
        options.flags = ["log-level": "info"]
        try await withServer(options: options) { server async throws in
            let log = try server.log()
            #expect(log.contains("listening"))
            _ = try await server.admin.send("GET", "/user/profile", headers: [("X-Request-Id", "a-read")])
            let id = try await server.store("harbor")
            let later = try server.log()
            #expect(later.contains("\"credentialId\":\"\(id)\"") && later.contains(server.first.organization))
            #expect(!later.contains("a-read"))
        }
    }
}
