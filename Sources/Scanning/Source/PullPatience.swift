import Registries

/// Whether, and after which pause, a layer whose pull broke is asked for again.
struct PullPatience {
    /// Connections that broke after more bytes had come.
    private var resumed = 0
    /// Tries in a row that brought nothing.
    private var fruitless = 0
    /// Pauses that the registry asked for.
    private var paused = 0

    /// A layer of a gigabyte over a bad line breaks a few times; eight times is no line.
    private static let resumeLimit = 8
    /// Half a second, one and two: a registry that restarts behind a balancer is back by then.
    private static let fruitlessLimit = 3
    private static let pauseLimit = 5
    /// Who waits at a terminal or in a pipeline wants to know of longer ones.
    private static let longestPause = Duration.seconds(60)
    /// For a registry that wants a pause and does not say how long.
    private static let unnamedPause = Duration.seconds(5)

    static func isTransport(_ error: RegistryError) -> Bool {
        error.code == .unreachable || error.code == .timeout
    }

    /// The pause before the next try; nil when there should be none. `offset` bytes have come, `before` of them before this try.
    mutating func pause(after error: RegistryError, at offset: Int64, since before: Int64) -> Duration? {
        if error.code == .rateLimited {
            let asked = error.retryAfter ?? PullPatience.unnamedPause
            paused += 1
            return paused <= PullPatience.pauseLimit && asked <= PullPatience.longestPause ? asked : nil
        }
        guard PullPatience.isTransport(error) || error.code == .upstreamFailed else { return nil }
        // What never began was tried again by the client already, as far as that makes sense.
        guard offset > 0 else { return nil }
        if offset > before {
            fruitless = 0
            resumed += 1
            return resumed <= PullPatience.resumeLimit ? .zero : nil
        }
        fruitless += 1
        return fruitless <= PullPatience.fruitlessLimit ? .milliseconds(250 << fruitless) : nil
    }
}
