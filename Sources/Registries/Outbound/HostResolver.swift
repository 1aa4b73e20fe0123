import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns host names into addresses: the system's way, or a test's.
public struct HostResolver: Sendable {
    let addresses: @Sendable (_ host: String) async throws -> [IPAddress]
    let stop: @Sendable () async -> Void

    init(
        addresses: @escaping @Sendable (String) async throws -> [IPAddress],
        stop: @escaping @Sendable () async -> Void
    ) {
        self.addresses = addresses
        self.stop = stop
    }

    /// A resolver whose `addresses` gives IP addresses as text, in the order to try them. Texts that are none are left out.
    public init(_ addresses: @escaping @Sendable (_ host: String) async throws -> [String]) {
        self.init(addresses: { try await addresses($0).compactMap { IPAddress($0) } }, stop: {})
    }

    /// Asks `getaddrinfo` on threads of its own, since it blocks for as long as the name servers please. A caller that stops waiting
    /// leaves its thread to finish, so a dead name server holds at most these threads.
    public static func system() -> HostResolver {
        let threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
        return HostResolver(
            addresses: { host in
                let result = Waited<[IPAddress]>()
                threads.submit { state in
                    guard case .active = state else { return result.finish(.failure(CancellationError())) }
                    result.finish(Result { try lookUp(host) })
                }
                return try await result.value
            },
            // Threads that cannot be ended now end with the process.
            stop: { try? await threads.shutdownGracefully() }
        )
    }

    private static func lookUp(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { throw RegistryError(resolving: host, status: status) }
        defer { if let list { freeaddrinfo(list) } }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            guard let address = IPAddress(entry.pointee), !addresses.contains(address) else { continue }
            addresses.append(address)
        }
        return addresses
    }
}

extension IPAddress {
    fileprivate init?(_ entry: addrinfo) {
        guard let pointer = entry.ai_addr else { return nil }
        let raw = UnsafeRawPointer(pointer)
        switch entry.ai_family {
        case AF_INET where Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(bytes: withUnsafeBytes(of: address) { Array($0.prefix(4)) })
        case AF_INET6 where Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(bytes: withUnsafeBytes(of: address) { Array($0.prefix(16)) })
        default: return nil
        }
    }
}
