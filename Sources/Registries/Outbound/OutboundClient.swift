import AsyncHTTPClient
public import Logging
public import NIOCore
import NIOHTTP1
import NIOPosix
import Sealing

/// The one way out of the process: every connection to the outside is made here, under ``OutboundPolicy``.
///
/// Hosts are resolved by us, each of their addresses is checked, and the connection goes to an address that was checked; the
/// certificate is verified for the name. No proxy of the environment is used, no cookie is kept, nothing is unpacked, HTTP/1.1
/// is spoken. See `docs/threat-model.md` for what it defends against.
public final class OutboundClient: Sendable {
    /// Where it may connect to.
    public let policy: OutboundPolicy
    let limits: OutboundLimits
    let time: OutboundTime
    let hosts: ResolvedHosts
    let pools: ConnectionPools
    let gate: HostGate
    private let userAgent: String
    private let logger: Logger

    /// A client of `policy`. `version` is Pratique's own, for the User-Agent. Without an event loop group it runs on the
    /// process's own. Call ``shutdown()`` at the end.
    public init(
        policy: OutboundPolicy,
        limits: OutboundLimits = OutboundLimits(),
        version: String,
        logger: Logger,
        eventLoopGroup: (any EventLoopGroup)? = nil,
        resolver: HostResolver = .system(),
        time: OutboundTime = .system
    ) {
        self.policy = policy
        self.limits = limits
        self.time = time
        self.logger = logger
        userAgent = "pratique/\(version)"
        hosts = ResolvedHosts(resolver: resolver, policy: policy, limits: limits, time: time)
        pools = ConnectionPools(group: eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton, limits: limits)
        gate = HostGate(limits: limits, time: time)
    }

    /// Sends a request and reads the whole answer. Every status is an answer, also 401 and 500; a redirect that the rule does not
    /// follow is ``RegistryError/Code/upstreamMisbehaved``. Throws ``RegistryError`` and `CancellationError`.
    public func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        try await time.within(
            request.deadlines.whole,
            orThrow: .timeout(request.url.origin, "did not answer completely in time")
        ) {
            try await self.following(request, .request, watch: nil) { head, body in
                if let encoding = head.headers["Content-Encoding"], encoding.lowercased() != "identity" {
                    throw RegistryError.misbehaved(head.url.origin, "compressed its answer without being asked to")
                }
                return OutboundResponse(head: head, body: try await body.collected())
            }
        }
    }

    /// Ends every connection. Requests fail from then on.
    public func shutdown() async {
        await pools.stop()
        await hosts.stop()
    }

    /// One request to one origin, without redirects and retries.
    func exchange<Result: Sendable>(
        _ request: OutboundRequest,
        _ lane: HostGate.Lane,
        watch: BodyWatch?,
        _ consume: @Sendable (OutboundHead, OutboundBody) async throws -> Result
    ) async throws -> Exchanged<Result> {
        let origin = request.url.origin
        guard policy.allowsScheme(of: origin) else {
            throw RegistryError(
                .addressForbidden,
                "\(origin.authority) may not be spoken to without TLS",
                hint: "Use https, or have the operator name the host in the setting plain-http-hosts.",
                upstream: .init(registry: origin.authority)
            )
        }
        let prepared = try prepare(request)
        return try await gate.pass(origin, lane) {
            let addresses = try await self.hosts.addresses(of: origin)
            for (index, address) in addresses.enumerated() {
                do {
                    return try await self.exchange(request, prepared, at: address, watch: watch, consume)
                } catch let fault as TransportFault where fault.isBeforeSending && index + 1 < addresses.count {
                    continue
                }
            }
            throw RegistryError(.unreachable, "the host \(origin.host) has no address")
        }
    }

    private func exchange<Result: Sendable>(
        _ request: OutboundRequest,
        _ prepared: HTTPClientRequest,
        at address: IPAddress,
        watch: BodyWatch?,
        _ consume: @Sendable (OutboundHead, OutboundBody) async throws -> Result
    ) async throws -> Exchanged<Result> {
        let origin = request.url.origin
        let key = ConnectionPools.Key(
            isSecure: origin.isSecure,
            host: origin.host,
            address: address,
            trust: request.trust?.fingerprint ?? []
        )
        return try await pools.withClient(key, trust: request.trust) { client in
            let response: HTTPClientResponse
            do {
                response = try await time.within(
                    request.deadlines.firstByte,
                    orThrow: .timeout(origin, "did not answer in time")
                ) { try await client.execute(prepared, deadline: .distantFuture) }
            } catch {
                try Task.checkCancellation()
                guard let fault = TransportFault(error, at: origin) else { throw CancellationError() }
                throw fault
            }
            hosts.prefer(address, for: origin.host)
            let head = try self.head(of: response, request)
            logger.debug(
                "outbound request answered",
                metadata: [
                    "method": "\(request.method.rawValue)", "url": "\(request.shownAddress)",
                    "status": "\(head.status)",
                ]
            )
            if let pause = RetryAfter.pause(status: head.status, headers: head.headers, now: time.date()) {
                gate.close(origin, for: pause, because: head.status)
            }
            if let location = try request.redirectTarget(of: head) { return .redirected(location) }
            let limit = head.status >= 400 ? BodyLimit.error : request.bodyLimit
            let body = OutboundBody(
                body: response.body,
                origin: origin,
                limit: limit,
                isCut: head.status >= 400,
                watch: watch
            )
            if request.method != .head, head.status < 400, (head.contentLength ?? 0) > limit.sizeInBytes {
                throw body.tooLarge
            }
            return .answered(try await consume(head, body), head)
        }
    }

    private func prepare(_ request: OutboundRequest) throws -> HTTPClientRequest {
        guard request.url.survivesParsing else {
            throw RegistryError.misbehaved(request.url.origin, "is at an address that cannot be sent as it is")
        }
        var prepared = HTTPClientRequest(url: request.url.text)
        prepared.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers where !OutboundRequest.ownHeaders.contains(name.lowercased()) {
            prepared.headers.add(name: name, value: value)
        }
        prepared.headers.add(name: "User-Agent", value: userAgent)
        prepared.headers.add(name: "Accept-Encoding", value: "identity")
        if let value = try request.authorizationHeader() { prepared.headers.add(name: "Authorization", value: value) }
        if let body = request.body {
            prepared.headers.add(name: "Content-Type", value: body.contentType)
            prepared.body = .bytes(body.bytes.withBytes { ByteBuffer(bytes: $0) })
        }
        return prepared
    }

    private func head(of response: HTTPClientResponse, _ request: OutboundRequest) throws -> OutboundHead {
        let fields = response.headers.map { (name: $0.name, value: $0.value) }
        let size = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard fields.count <= OutboundHeaders.mostFields, size <= OutboundHeaders.mostBytes else {
            throw RegistryError.misbehaved(request.url.origin, "sent too many headers")
        }
        return OutboundHead(status: Int(response.status.code), headers: OutboundHeaders(fields), url: request.url)
    }
}

/// What one exchange came to.
enum Exchanged<Result: Sendable>: Sendable {
    case answered(Result, OutboundHead)
    case redirected(OutboundURL)
}
