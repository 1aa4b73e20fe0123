import Foundation
import Scanning
import Storage

/// Tells one client how one scan goes, until it ends.
struct ScanEventStream: Sendable {
    /// Between two looks at what the worker of this process knows.
    static let interval = Duration.milliseconds(500)
    /// How long the worker's word is taken alone, in seconds; then the database is asked, and whether the client may still see it.
    static let trust: TimeInterval = 2
    /// After so many seconds without an event a comment is sent: proxies close what is silent for a minute, and a client that is gone is
    /// noticed by it.
    static let heartbeat: TimeInterval = 15
    /// The longest stream in seconds; most scans take less, and a client that reconnects is checked again.
    static let longest: TimeInterval = 30 * 60

    /// Looks into the database. Nil when the scan is not there any more, or not for this client.
    let look: @Sendable () async throws -> Scan?
    /// What the worker of this process knows better.
    let current: @Sendable (Scan) -> Scan
    /// Whether the worker is in this process.
    let isHere: @Sendable (Scan) -> Bool
    /// Whether there is anybody to tell it to.
    let isWanted: @Sendable () -> Bool
    let clock: ScanClock

    private struct Shown: Equatable {
        let state: Scan.State
        let step: String
        let progress: Int

        init(_ scan: Scan) { (state, step, progress) = (scan.state, scan.step, scan.progress) }
    }

    /// Tells the scan from `first` on. Throws what `write` and ``look`` throw, and `CancellationError`.
    func run(from first: Scan, _ write: (String) async throws -> Void) async throws {
        let began = clock.now()
        var (scan, lookedAt, wroteAt, number) = (first, began, began, 0)
        var shown: Shown?
        while true {
            let now = current(scan)
            if Shown(now) != shown {
                shown = Shown(now)
                number += 1
                wroteAt = clock.now()
                try await write(ScanEventStream.event(now, number: number))
                if now.state.isFinal { return }
            } else if clock.now() >= wroteAt + ScanEventStream.heartbeat {
                wroteAt = clock.now()
                try await write(": still there\n\n")
            }
            try await clock.sleep(ScanEventStream.interval)
            guard isWanted(), clock.now() < began + ScanEventStream.longest else { return }
            if !isHere(scan) || clock.now() >= lookedAt + ScanEventStream.trust {
                guard let found = try await look() else { return }
                (scan, lookedAt) = (found, clock.now())
            }
        }
    }

    /// Source: WHATWG HTML, "Server-sent events", 9.2.5: fields end with a line, events with an empty one.
    static func event(_ scan: Scan, number: Int) -> String {
        let name = scan.state.isFinal ? "end" : "progress"
        let data = scan.state.isFinal ? scan.body : scan.progressBody
        let lines = data.text.split { $0.isNewline }.map { "data: \($0)\n" }
        return (number == 1 ? "retry: 3000\n" : "") + "id: \(number)\nevent: \(name)\n\(lines.joined())\n"
    }
}
