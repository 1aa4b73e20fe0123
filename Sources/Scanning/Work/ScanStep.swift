import Synchronization

/// What a worker does with a scan; the raw values are told to users.
enum ScanStep: String, Sendable {
    case resolve, pull, match, finish
}

/// How far a scan is. Written by the scan, read by its heartbeat.
final class ScanSteps: Sendable {
    /// Of the layers.
    let layers = ScanProgress()
    private let step = Mutex(ScanStep.resolve)

    var current: ScanStep { step.withLock { $0 } }

    func enter(_ next: ScanStep) { step.withLock { $0 = next } }

    /// 0 to 100. Nearly all of the time goes by with the layers.
    var percent: Int {
        switch current {
        case .resolve: return 0
        case .pull:
            let state = layers.state
            guard state.bytesTotal > 0 else { return 5 }
            return 5 + Int(85 * min(1, Double(state.bytesDone) / Double(state.bytesTotal)))
        case .match: return 92
        case .finish: return 97
        }
    }
}
