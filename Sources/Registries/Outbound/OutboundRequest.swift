public import Sealing

/// One request to the outside.
public struct OutboundRequest: Sendable {
    /// What is asked.
    public enum Method: String, Sendable, Hashable {
        /// Reads.
        case get = "GET"
        /// Reads, without the body.
        case head = "HEAD"
        /// Sends.
        case post = "POST"

        var isRead: Bool { self != .post }
    }

    /// Who asks. It is never a header of the request's own, never logged, and never sent to another origin than the URL's.
    public enum Authorization: Sendable {
        /// RFC 7617. A username with a colon is refused when it is sent.
        case basic(username: String, password: Secret)
        /// RFC 6750.
        case bearer(Secret)
    }

    /// What is sent with it.
    public struct Body: Sendable {
        /// `application/json`, `application/x-www-form-urlencoded`.
        public var contentType: String
        /// The bytes; kept as a secret, since logins go this way.
        public var bytes: Secret

        /// A body.
        public init(contentType: String, bytes: Secret) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    /// What is asked.
    public var method: Method
    /// Where.
    public var url: OutboundURL
    /// Headers without secrets. `Authorization`, `Cookie`, `Host`, `Accept-Encoding` and framing headers are left out when sent.
    public var headers: [(name: String, value: String)]
    /// Who asks; nil: nobody in particular.
    public var authorization: Authorization?
    /// What is sent with it.
    public var body: Body?
    /// How much of the answer's body is read.
    public var bodyLimit: BodyLimit
    /// Whom to trust beside the machine's roots, and how to present ourselves.
    public var trust: TLSTrust?
    /// How long it may take.
    public var deadlines: OutboundDeadlines
    /// Whether redirects are followed.
    public var redirects: RedirectRule
    /// Whether it may be sent again after a transport fault; true for reads.
    public var isRetryable: Bool
    /// Whether logs tell the origin alone: what named the rest of the address, a challenge or a redirect, may repeat what it was
    /// sent.
    public var isAddressHidden = false

    /// The address as logs may tell it.
    var shownAddress: String { isAddressHidden ? url.origin.description : url.description }

    /// A request.
    public init(
        _ method: Method = .get,
        _ url: OutboundURL,
        headers: [(name: String, value: String)] = [],
        authorization: Authorization? = nil,
        body: Body? = nil,
        bodyLimit: BodyLimit,
        trust: TLSTrust? = nil,
        deadlines: OutboundDeadlines = .api,
        redirects: RedirectRule = .never
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.authorization = authorization
        self.body = body
        self.bodyLimit = bodyLimit
        self.trust = trust
        self.deadlines = deadlines
        self.redirects = redirects
        isRetryable = method.isRead
    }
}

/// A named bound on the body of an answer, in bytes as received.
public struct BodyLimit: Sendable, Hashable {
    /// What it bounds, for the error.
    public let name: String
    /// The most that is read.
    public let sizeInBytes: Int

    /// A limit of `sizeInBytes` on a `name`.
    public init(_ name: String, sizeInBytes: Int) {
        self.name = name
        self.sizeInBytes = sizeInBytes
    }

    /// 64 KiB: a registry token is 1 to 8 KiB, with many rights 20.
    public static let token = BodyLimit("token", sizeInBytes: 64 << 10)
    /// 64 KiB: what is read of an answer with an error status; the rest is dropped.
    public static let error = BodyLimit("error", sizeInBytes: 64 << 10)
    /// 4 MiB: what the distribution specification has registries accept.
    public static let manifest = BodyLimit("manifest", sizeInBytes: 4 << 20)
    /// 4 MiB: an image configuration grows by one line of history per layer.
    public static let configuration = BodyLimit("image configuration", sizeInBytes: 4 << 20)
    /// 4 MiB: a page of 100 Harbor artifacts with labels and accessories stays below 1.
    public static let listPage = BodyLimit("list page", sizeInBytes: 4 << 20)
    /// 1 MiB: an answer about one thing.
    public static let object = BodyLimit("answer", sizeInBytes: 1 << 20)
}

/// How long one request may take. Connecting has its own bound, in ``OutboundLimits``.
public struct OutboundDeadlines: Sendable, Hashable {
    /// From sending to the head of the answer, connecting included.
    public var firstByte: Duration
    /// Between two pieces of a streamed body.
    public var idle: Duration
    /// From the call to its end: waiting for a turn, every retry and redirect, and the body.
    public var whole: Duration

    /// Deadlines.
    public init(firstByte: Duration, idle: Duration, whole: Duration) {
        self.firstByte = firstByte
        self.idle = idle
        self.whole = whole
    }

    /// For answers that fit in memory: 15 s, 15 s, 30 s.
    public static let api = OutboundDeadlines(firstByte: .seconds(15), idle: .seconds(15), whole: .seconds(30))
    /// For blobs and downloads: 30 s, 30 s, 30 min.
    public static let stream = OutboundDeadlines(firstByte: .seconds(30), idle: .seconds(30), whole: .seconds(1_800))
}

/// Whether and where redirects are followed: by hand, reads only, never from https to http.
public enum RedirectRule: Sendable, Hashable {
    /// A redirect is an error.
    case never
    /// Within the origin, `hops` times at most.
    case sameOrigin(hops: Int)
    /// To any origin that policy allows, `hops` times at most; the authorization and the client certificate stay behind at once,
    /// even within the origin.
    case anywhereAnonymously(hops: Int)
}
