import Registries
import Synchronization

/// What `/metrics` tells of probes: numbers by state, no names and no ids.
final class ProbeMetrics: Sendable {
    private let counts = Mutex(Counts())

    private struct Counts {
        var byState: [Verification.State: Int] = [:]
        var inFlight = 0
        var superseded = 0
        var milliseconds = 0
    }

    func began() { counts.withLock { $0.inFlight += 1 } }

    func ended() { counts.withLock { $0.inFlight -= 1 } }

    func finished(_ state: Verification.State, milliseconds: Int) {
        counts.withLock { counts in
            counts.byState[state, default: 0] += 1
            counts.milliseconds += milliseconds
        }
    }

    /// The credential was rotated or deleted while it was probed.
    func superseded() { counts.withLock { $0.superseded += 1 } }

    /// The lines of the page.
    var lines: [String] {
        let counts = counts.withLock { $0 }
        var lines = [
            "# HELP pratique_probes_in_flight Credentials being probed.",
            "# TYPE pratique_probes_in_flight gauge",
            "pratique_probes_in_flight \(counts.inFlight)",
            "# HELP pratique_probes_total Credentials probed, by what it came to.",
            "# TYPE pratique_probes_total counter",
        ]
        for state in Verification.State.allCases {
            lines.append("pratique_probes_total{state=\"\(state.rawValue)\"} \(counts.byState[state] ?? 0)")
        }
        lines += [
            "# HELP pratique_probe_seconds_total Time that finished probes took.",
            "# TYPE pratique_probe_seconds_total counter",
            "pratique_probe_seconds_total \(Double(counts.milliseconds) / 1000)",
            "# HELP pratique_probes_superseded_total Probes whose credential was rotated or deleted meanwhile.",
            "# TYPE pratique_probes_superseded_total counter",
            "pratique_probes_superseded_total \(counts.superseded)",
        ]
        return lines
    }
}
