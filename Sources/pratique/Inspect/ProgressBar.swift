import Foundation
import Scanning

/// Shows on a terminal how far a scan is, in one line that is drawn over and wiped at the end.
struct ProgressBar: Sendable {
    private let progress: ScanProgress
    private static let cells = 28
    private static let interval = Duration.milliseconds(100)

    init(_ progress: ScanProgress) { self.progress = progress }

    /// Draws while `body` runs, where standard error is a terminal.
    static func showing<Result: Sendable>(
        _ progress: ScanProgress,
        variables: [String: String],
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard isatty(STDERR_FILENO) == 1, variables["TERM"] != "dumb" else { return try await body() }
        let bar = ProgressBar(progress)
        let drawing = Task { await bar.draw() }  // Ends with the work, below, whatever becomes of it.
        defer {
            drawing.cancel()
            bar.put("\r\u{1B}[K")
        }
        return try await body()
    }

    /// `layers 3/7  [######      ]  120.4 of 310.0 MB`.
    static func line(_ state: ScanProgress.State) -> String {
        guard state.layersTotal > 0 else { return "looking for the image" }
        let fraction = state.bytesTotal > 0 ? Double(state.bytesDone) / Double(state.bytesTotal) : 1
        let filled = Int((min(max(fraction, 0), 1) * Double(cells)).rounded())
        let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: cells - filled)
        let (done, total) = (megabytes(state.bytesDone), megabytes(state.bytesTotal))
        return "layers \(state.layersDone)/\(state.layersTotal)  [\(bar)]  \(done) of \(total) MB"
    }

    private static func megabytes(_ bytes: Int64) -> String {
        String(format: "%.1f", Double(bytes) / 1_000_000)
    }

    private func draw() async {
        while !Task.isCancelled {
            put("\r\u{1B}[K" + ProgressBar.line(progress.state))
            do { try await Task.sleep(for: ProgressBar.interval) } catch { return }
        }
    }

    private func put(_ text: String) {
        // A terminal that is gone needs no bar.
        _ = Array(text.utf8).withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
