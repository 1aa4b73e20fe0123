import NIOCore

/// The limits of what a client may send, each with its reason.
public enum RequestLimits {
    /// The largest body in bytes: four times the largest secret, so that JSON escapes fit.
    static let bodyInBytes = 64 * 1024
    /// All header fields of a request, in bytes: a key, a few proxies' additions.
    static let headersInBytes = 16 * 1024
    /// Header fields of a request.
    static let headerCount = 100
    /// From the first byte of a request's head to the last of its body: a body of 64 KiB over a bad line.
    public static let requestDeadline = Duration.seconds(20)
    /// How long a client may take nothing of an answer that waits for it: a line that is down for a moment comes back sooner.
    public static let readerDeadline = Duration.seconds(60)
    /// How long a connection may stay open without a request.
    static let idleTimeout = TimeAmount.seconds(75)
    /// Connections at once; each costs about 30 KB.
    static let connections = 2_048
    /// How long a stopping server waits for requests that run.
    static let gracefulStop = Duration.seconds(30)
}
