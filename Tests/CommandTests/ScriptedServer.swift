import Foundation
import Synchronization
import Testing

/// A server on this machine with an answer for each request it expects; it keeps what it was asked.
///
/// It speaks just enough HTTP for the client: one request a connection, bodies with a length. A request without an
/// answer gets status 599, which no test takes for a success.
final class ScriptedServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
    }

    struct Request: Sendable {
        let line: String
        let headers: [String: String]
        let body: String
    }

    let port: UInt16
    private let listener: Int32
    /// The next answers to each request; the last of them stays.
    private let answers: Mutex<[String: [Answer]]>
    private let received = Mutex<[Request]>([])

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { received.withLock { $0 } }

    /// `answers` by request line without the version, such as `GET /user/profile`.
    convenience init(_ answers: [String: Answer]) throws {
        try self.init(inTurn: answers.mapValues { [$0] })
    }

    /// Answers to the first request of a line, to the second, and so on; the last of them to all that follow.
    init(inTurn answers: [String: [Answer]]) throws {
        self.answers = Mutex(answers)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(bound)
        port = UInt16(bigEndian: address.sin_port)
        // A thread of its own: accept blocks, and must not hold one of the cooperative pool.
        Thread.detachNewThread { [weak self, listener] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                self?.serve(connection)
                close(connection)
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ connection: Int32) {
        guard let request = Self.read(connection) else { return }
        received.withLock { $0.append(request) }
        let answer = next(request.line) ?? Answer(status: 599)
        var head = "HTTP/1.1 \(answer.status) Scripted\r\nconnection: close\r\n"
        // 204 has no body and may not have a length (RFC 9110, section 8.6).
        if answer.status != 204 { head += "content-length: \(answer.body.utf8.count)\r\n" }
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        var rest = Array((head + "\r\n" + answer.body).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func next(_ line: String) -> Answer? {
        answers.withLock { answers in
            guard let left = answers[line], let first = left.first else { return nil }
            if left.count > 1 { answers[line] = Array(left.dropFirst()) }
            return first
        }
    }

    private static func read(_ connection: Int32) -> Request? {
        var text = ""
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: chunk[..<count], as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
            }
            let body = String(text[end.upperBound...])
            guard body.utf8.count >= headers["content-length"].flatMap(Int.init) ?? 0 else { continue }
            let line = lines[0].split(separator: " ").prefix(2).joined(separator: " ")
            return Request(line: line, headers: headers, body: body)
        }
    }
}
