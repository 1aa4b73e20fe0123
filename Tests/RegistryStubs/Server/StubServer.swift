import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Certificate and key of a stub that speaks TLS, as PEM.
public struct StubTLS: Sendable {
    /// The certificate, its chain behind it.
    public var certificatePEM: String
    /// Its key.
    public var keyPEM: String
    /// The CA of the clients; nil: no client certificate is asked for.
    public var clientCAPEM: String?

    /// TLS with this certificate.
    public init(certificatePEM: String, keyPEM: String, clientCAPEM: String? = nil) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
        self.clientCAPEM = clientCAPEM
    }

    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem))
        )
        if let clientCAPEM {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(clientCAPEM.utf8)))
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }
}

/// A real HTTP/1.1 server on 127.0.0.1 that keeps what it was asked, so that tests can count and look for secrets.
///
/// It is written on the event loop's channels and not on a framework: the stubs must answer byte for byte what the registries
/// answer (raw paths, odd statuses, no body on HEAD).
public final class StubServer: Sendable {
    /// `http://127.0.0.1:port` or `https://…`.
    public let address: String
    /// The port.
    public let port: Int
    /// What came, and what is scripted.
    public let record: StubRecord
    private let channel: any Channel

    private init(address: String, port: Int, record: StubRecord, channel: any Channel) {
        self.address = address
        self.port = port
        self.record = record
        self.channel = channel
    }

    /// Starts a server; `port` 0 takes a free one. `answer` is called for each request, several at once. `host` stands in its
    /// address: 127.0.0.1, or a name of it.
    public static func start(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: StubTLS? = nil,
        record: StubRecord = StubRecord(),
        answer: @escaping @Sendable (StubRequest) async -> StubAnswer
    ) async throws -> StubServer {
        let context = try tls?.context()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(StubHandler(record: record, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        let bound = channel.localAddress?.port ?? port
        return StubServer(
            address: "\(tls == nil ? "http" : "https")://\(host):\(bound)",
            port: bound,
            record: record,
            channel: channel
        )
    }

    /// Stops listening.
    public func stop() async {
        try? await channel.close().get()
    }

    /// Waits until it is stopped.
    public func wait() async throws { try await channel.closeFuture.get() }
}

/// Gathers a request, has it answered, and writes the answer.
private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let record: StubRecord
    private let answer: @Sendable (StubRequest) async -> StubAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(record: StubRecord, answer: @escaping @Sendable (StubRequest) async -> StubAnswer) {
        self.record = record
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body += buffer.readableBytesView
        case .end:
            guard let head else { return }
            let request = StubRequest(
                method: head.method.rawValue,
                target: head.uri,
                headers: head.headers.map { ($0.name, $0.value) },
                body: body
            )
            respond(to: request, head, context.channel)
        }
    }

    private func respond(to request: StubRequest, _ head: HTTPRequestHead, _ channel: any Channel) {
        let (record, answer) = (record, answer)
        // The event loop must go on while the stub thinks, and it has no task of its own.
        Task {
            let answer = await record.answer(request, otherwise: answer)
            if answer.delay > .zero { try? await Task.sleep(for: answer.delay) }
            var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
            if !headers.contains(name: "Content-Length"), answer.status != 204 {
                headers.add(name: "Content-Length", value: "\(answer.body.count)")
            }
            let response = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: answer.status),
                headers: headers
            )
            channel.write(HTTPServerResponsePart.head(response), promise: nil)
            if request.method != "HEAD", !answer.body.isEmpty {
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))), promise: nil)
            }
            try? await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
            if !head.isKeepAlive { try? await channel.close().get() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
