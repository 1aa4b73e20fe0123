import Synchronization

/// What `/metrics` tells, in Prometheus' text format.
final class ServerMetrics: Sendable {
    /// Upper bounds of the duration buckets, in milliseconds.
    private static let bounds = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

    private let inFlight = Atomic<Int>(0)
    private let counts = Mutex(Counts())

    private struct Counts {
        var byStatusClass = [Int](repeating: 0, count: 6)
        var buckets = [Int](repeating: 0, count: ServerMetrics.bounds.count + 1)
        var totalMicroseconds = 0
        var wrongKeys = 0
    }

    func requestBegan() { inFlight.add(1, ordering: .relaxed) }

    func requestEnded(status: Int, duration: Duration) {
        inFlight.subtract(1, ordering: .relaxed)
        let microseconds =
            Int(duration.components.seconds) * 1_000_000 + Int(duration.components.attoseconds / 1_000_000_000_000)
        counts.withLock { counts in
            counts.byStatusClass[min(max(status / 100, 0), 5)] += 1
            let bucket = ServerMetrics.bounds.firstIndex { microseconds <= $0 * 1000 } ?? ServerMetrics.bounds.count
            counts.buckets[bucket] += 1
            counts.totalMicroseconds += microseconds
        }
    }

    func wrongKey() { counts.withLock { $0.wrongKeys += 1 } }

    /// The whole page. `commits` are the database's group commits so far.
    func text(commits: (transactions: Int, bodies: Int), probes: ProbeMetrics, advisories: AdvisoryUpdater) -> String {
        let counts = counts.withLock { $0 }
        var lines = [
            "# HELP pratique_requests_in_flight Requests being served.",
            "# TYPE pratique_requests_in_flight gauge",
            "pratique_requests_in_flight \(inFlight.load(ordering: .relaxed))",
            "# HELP pratique_requests_total Requests served, by class of status.",
            "# TYPE pratique_requests_total counter",
        ]
        for status in 1...5 {
            lines.append("pratique_requests_total{status=\"\(status)xx\"} \(counts.byStatusClass[status])")
        }
        lines += [
            "# HELP pratique_request_duration_seconds Time from the head of a request to its answer.",
            "# TYPE pratique_request_duration_seconds histogram",
        ]
        var cumulative = 0
        for (bound, count) in zip(ServerMetrics.bounds, counts.buckets) {
            cumulative += count
            lines.append("pratique_request_duration_seconds_bucket{le=\"\(Double(bound) / 1000)\"} \(cumulative)")
        }
        let all = counts.buckets.reduce(0, +)
        lines += [
            "pratique_request_duration_seconds_bucket{le=\"+Inf\"} \(all)",
            "pratique_request_duration_seconds_sum \(Double(counts.totalMicroseconds) / 1_000_000)",
            "pratique_request_duration_seconds_count \(all)",
            "# HELP pratique_wrong_keys_total Requests with an unknown, expired or damaged API key.",
            "# TYPE pratique_wrong_keys_total counter",
            "pratique_wrong_keys_total \(counts.wrongKeys)",
            "# HELP pratique_commits_total Write transactions committed.",
            "# TYPE pratique_commits_total counter",
            "pratique_commits_total \(commits.transactions)",
            "# HELP pratique_writes_total Writes acknowledged; several share a commit under load.",
            "# TYPE pratique_writes_total counter",
            "pratique_writes_total \(commits.bodies)",
        ]
        lines += probes.lines + advisories.metrics
        return lines.joined(separator: "\n") + "\n"
    }
}
