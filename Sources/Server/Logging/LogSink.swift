import Dispatch
import Foundation
import Synchronization

/// Where log lines go: a file descriptor, written in the background so that a request does not wait for a slow terminal.
///
/// Lines are handed over in order. At most 50 ms pass before an ordinary line is written; a warning is written at once.
public final class LogSink: Sendable {
    /// Bytes that may wait; beyond it lines are dropped, and their number is told.
    static let bufferLimitInBytes = 4 << 20

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "pratique.log")
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        var isScheduled = false
        var dropped = 0
    }

    /// A sink over `descriptor`, which stays the caller's to close; 2 is standard error.
    public init(descriptor: Int32 = 2) {
        self.descriptor = descriptor
    }

    /// Hands over one line, without its line break.
    func write(_ line: [UInt8], urgently: Bool) {
        let mustSchedule = state.withLock { state in
            guard state.bytes.count + line.count < LogSink.bufferLimitInBytes else {
                state.dropped += 1
                return false
            }
            state.bytes.append(contentsOf: line)
            state.bytes.append(UInt8(ascii: "\n"))
            defer { state.isScheduled = true }
            return !state.isScheduled || urgently
        }
        guard mustSchedule else { return }
        queue.asyncAfter(deadline: .now() + (urgently ? 0 : 0.05)) { self.drain() }
    }

    /// Returns when everything handed over so far is written.
    public func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        var (bytes, dropped) = state.withLock { state in
            defer {
                state.bytes = []
                state.isScheduled = false
                state.dropped = 0
            }
            return (state.bytes, state.dropped)
        }
        if dropped > 0 {
            bytes +=
                JSON.object([
                    ("time", .time(Date())), ("level", "warning"), ("message", "log lines dropped"),
                    ("count", .integer(dropped)),
                ]).bytes + [UInt8(ascii: "\n")]
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
