import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// A request as it stood on the wire.
package struct WireRequest: Sendable {
    /// `GET`.
    package let method: String
    /// Path and query, byte for byte.
    package let target: String
    /// In order, names as written.
    package let headers: [(name: String, value: String)]
    package let body: String

    package subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    package var path: String { String(target.prefix { $0 != "?" }) }

    /// All of it, to look for secrets in.
    package var text: String {
        "\(method) \(target)\n" + headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n") + "\n\n" + body
    }
}

/// What a server does with a request, down to the bytes: it may lie about lengths, stall, or never end.
package struct WireAnswer: Sendable {
    package enum Step: Sendable {
        case send(String)
        case sendBytes([UInt8])
        /// The same again and again until the client goes.
        case sendForever(String)
        /// A piece at a time, with a pause before each, until the client goes.
        case drip(String)
        /// Nothing more, and the connection stays open until the client goes.
        case stall
        case close
    }

    package var steps: [Step]

    package init(steps: [Step]) { self.steps = steps }

    /// A well-formed answer.
    package static func ok(_ body: String, _ headers: [(String, String)] = []) -> WireAnswer {
        status(200, headers: headers, body: body)
    }

    package static func json(_ body: String, status: Int = 200, _ headers: [(String, String)] = []) -> WireAnswer {
        self.status(status, headers: [("Content-Type", "application/json")] + headers, body: body)
    }

    package static func bytes(_ body: [UInt8], status: Int = 200, _ headers: [(String, String)] = []) -> WireAnswer {
        WireAnswer(steps: [.send(head(status, headers + [("Content-Length", "\(body.count)")])), .sendBytes(body)])
    }

    package static func status(_ status: Int, headers: [(String, String)] = [], body: String = "") -> WireAnswer {
        WireAnswer(steps: [.send(head(status, headers + [("Content-Length", "\(body.utf8.count)")]) + body)])
    }

    package static func redirect(_ location: String, status: Int = 307) -> WireAnswer {
        self.status(status, headers: [("Location", location)])
    }

    package static func challenge(_ value: String, _ body: String = "") -> WireAnswer {
        status(401, headers: [("WWW-Authenticate", value)], body: body)
    }

    package static func head(_ status: Int, _ headers: [(String, String)] = []) -> String {
        "HTTP/1.1 \(status) Whatever\r\n" + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }
}

/// A server on loopback that speaks what a test tells it to, and remembers every request.
package final class WireServer: Sendable {
    package let port: Int
    private let channel: NIOAsyncChannel<any Channel, Never>
    private let answer: @Sendable (WireRequest) async -> WireAnswer
    private let seen = Mutex<[WireRequest]>([])
    private let watchers = Mutex<[(count: Int, arrived: CheckedContinuation<Void, Never>)]>([])
    private let running = Mutex((now: 0, most: 0))

    private init(
        _ channel: NIOAsyncChannel<any Channel, Never>,
        _ answer: @escaping @Sendable (WireRequest) async -> WireAnswer
    ) {
        self.channel = channel
        self.answer = answer
        port = channel.channel.localAddress?.port ?? 0
    }

    package var requests: [WireRequest] { seen.withLock { $0 } }
    /// `GET /path?query` of each request.
    package var targets: [String] { requests.map { "\($0.method) \($0.target)" } }
    /// Everything that came, as one text.
    package var wire: String { requests.map(\.text).joined(separator: "\n---\n") }
    /// The most requests that were being answered at once.
    package var mostAtOnce: Int { running.withLock { $0.most } }

    /// Returns once `count` requests have come.
    package func received(_ count: Int) async {
        await withCheckedContinuation { continuation in
            watchers.withLock { $0.append((count, continuation)) }
            tellWatchers()
        }
    }

    private func tellWatchers() {
        let count = seen.withLock { $0.count }
        let due = watchers.withLock { watchers in
            let due = watchers.filter { $0.count <= count }
            watchers.removeAll { $0.count <= count }
            return due
        }
        for watcher in due { watcher.arrived.resume() }
    }

    /// Runs a server at `host` while `body` runs.
    package static func run<Result: Sendable>(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: NIOSSLContext? = nil,
        _ answer: @escaping @Sendable (WireRequest) async -> WireAnswer,
        _ body: (WireServer) async throws -> Result
    ) async throws -> Result {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Nothing is read before somebody takes the connection. One that comes while the server ends is taken by nobody, and
            // an asynchronous channel would end the process for that.
            .childChannelOption(.autoRead, value: false)
            .bind(host: host, port: port) { child in
                child.eventLoop.makeCompletedFuture {
                    if let tls { try child.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    return child
                }
            }
        let server = WireServer(channel, answer)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.serve() }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }

    private func serve() async {
        // Errors of a connection are the client's affair; the test judges by what the client says.
        try? await channel.executeThenClose { clients in
            await withDiscardingTaskGroup { group in
                do {
                    for try await client in clients { group.addTask { await self.serve(client) } }
                } catch {}
                group.cancelAll()
            }
        }
    }

    private func serve(_ child: any Channel) async {
        let taken = child.eventLoop.submit {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: child)
        }
        guard let client = try? await taken.get() else { return }
        try? await client.executeThenClose { inbound, outbound in
            try await child.setOption(.autoRead, value: true).get()
            var reader = RequestReader()
            for try await buffer in inbound {
                reader.add(buffer)
                while let request = reader.next() {
                    seen.withLock { $0.append(request) }
                    tellWatchers()
                    running.withLock { running in
                        running.now += 1
                        running.most = max(running.most, running.now)
                    }
                    defer { running.withLock { $0.now -= 1 } }
                    guard try await perform(await answer(request).steps, outbound) else { return }
                }
            }
        }
    }

    private func perform(
        _ steps: [WireAnswer.Step],
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Bool {
        for step in steps {
            switch step {
            case .send(let text): try await outbound.write(ByteBuffer(string: text))
            case .sendBytes(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
            case .sendForever(let text):
                while true { try await outbound.write(ByteBuffer(string: text)) }
            case .drip(let text):
                while true {
                    try await Task.sleep(for: .milliseconds(5))
                    try await outbound.write(ByteBuffer(string: text))
                }
            case .stall: try await Task.sleep(for: .seconds(600))
            case .close: return false
            }
        }
        return true
    }
}

/// Cuts requests out of the bytes of a connection.
private struct RequestReader {
    private var pending: [UInt8] = []

    mutating func add(_ buffer: ByteBuffer) { pending += buffer.readableBytesView }

    mutating func next() -> WireRequest? {
        let end = Array("\r\n\r\n".utf8)
        guard let start = pending.firstRange(of: end) else { return nil }
        let lines = String(decoding: pending[..<start.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let name = line.prefix { $0 != ":" }
            return (String(name), String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard pending.count >= start.upperBound + length else { return nil }
        let body = String(decoding: pending[start.upperBound..<(start.upperBound + length)], as: UTF8.self)
        pending.removeFirst(start.upperBound + length)
        return WireRequest(
            method: words.first.map(String.init) ?? "",
            target: words.count > 1 ? String(words[1]) : "",
            headers: headers,
            body: body
        )
    }
}
