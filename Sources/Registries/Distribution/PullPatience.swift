/// Whether, and after which pause, a blob whose pull broke is asked for again. Fourteen connections at most.
struct PullPatience {
    /// Connections that ended before the blob did.
    private var breaks = 0
    /// Those of them, in a row, that brought nothing.
    private var fruitless = 0
    /// Pauses that the registry asked for.
    private var paused = 0

    /// A layer of a gigabyte over a bad line breaks a few times; eight times is no line.
    private static let breakLimit = 8
    /// Half a second, one and two: a registry that restarts behind a balancer is back by then.
    private static let fruitlessLimit = 3
    private static let pauseLimit = 5
    /// Who waits at a terminal or in a pipeline wants to know of longer ones.
    private static let longestPause = Duration.seconds(60)

    static func isTransport(_ error: RegistryError) -> Bool {
        error.code == .unreachable || error.code == .timeout
    }

    /// The pause before the next try, which may be zero; nil when there should be none. `broughtBytes`: the last try brought some.
    mutating func pause(after error: RegistryError, broughtBytes: Bool) -> Duration? {
        if let asked = error.retryAfter ?? (error.code == .rateLimited ? RetryAfter.unnamed : nil) {
            paused += 1
            return paused <= PullPatience.pauseLimit && asked <= PullPatience.longestPause ? asked : nil
        }
        guard PullPatience.isTransport(error) || error.code == .upstreamFailed else { return nil }
        breaks += 1
        fruitless = broughtBytes ? 0 : fruitless + 1
        guard breaks <= PullPatience.breakLimit, fruitless <= PullPatience.fruitlessLimit else { return nil }
        return fruitless == 0 ? .zero : .milliseconds(250 << fruitless)
    }
}
