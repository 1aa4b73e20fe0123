import Foundation
import TestSupport

/// A client that asks and does not read the answer; its window is as small as the system makes one.
final class SilentReader: Sendable {
    private let socket: Int32

    struct NotConnected: Error {}

    /// Sends `GET target` with `key` to a server without TLS on this machine.
    init(_ target: String, key: String, port: Int) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size = Int32(4_096)
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let request = Array("GET \(target) HTTP/1.1\r\nhost: localhost\r\nx-api-key: \(key)\r\n\r\n".utf8)
        guard isConnected, send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw NotConnected()
        }
    }

    deinit { close(socket) }

    /// The status, once the answer has begun; nothing of the answer is taken.
    func status() async -> Int? {
        var head = [UInt8](repeating: 0, count: 12)
        let hasBegun = await eventually {
            recv(socket, &head, head.count, Int32(MSG_PEEK | MSG_DONTWAIT)) == head.count
        }
        return hasBegun ? Int(String(decoding: head.suffix(3), as: UTF8.self)) : nil
    }
}
