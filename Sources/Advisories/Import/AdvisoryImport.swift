import Dispatch
import Foundation
import Synchronization

/// Takes advisories into a snapshot, which is built aside and swapped in whole: a reader sees the old one or the new one, and a failed
/// import leaves the old one as it was.
///
/// An import on top of a snapshot keeps what it has, takes in what is new or has a later `modified`, and drops what is withdrawn.
public struct AdvisoryImport: Sendable {
    /// Where the snapshot is, or will be. Its folder must exist.
    public var path: String
    /// How much is read.
    public var limits: AdvisoryImportLimits
    /// Whether to forget what the snapshot has.
    public var startsEmpty: Bool

    /// An import into the snapshot at `path`.
    public init(into path: String, startsEmpty: Bool = false, limits: AdvisoryImportLimits = AdvisoryImportLimits()) {
        self.path = path
        self.startsEmpty = startsEmpty
        self.limits = limits
    }

    /// Reads `sources` in order and swaps the snapshot in. `date` is noted as the time of the import.
    ///
    /// Damaged records are counted in the report. Throws ``AdvisoryError`` when a source cannot be read or breaks a limit, when the
    /// snapshot that is there cannot be used, or while another import runs, and `CancellationError`; nothing has changed then.
    public func run(_ sources: [AdvisorySource], date: AdvisoryDate = .now) async throws -> AdvisoryImportReport {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            var inputs: [Input] = []
            for source in sources {
                switch source {
                case .path(let path): inputs.append(Input(path: path, name: path, spool: nil))
                case .stream(let name, let bytes):
                    let spool = try StreamSpool(beside: path)
                    try await spool.fill(from: bytes, name: name, limit: limits.streamInBytes)
                    inputs.append(Input(path: spool.path, name: name, spool: spool))
                }
            }
            try Task.checkCancellation()
            return try await onThread { [inputs] in try work(inputs, date: date) { flag.isSet } }
        } onCancel: {
            flag.set()
        }
    }

    private struct Input: Sendable {
        let path: String
        let name: String
        /// Holds what was fetched.
        let spool: StreamSpool?
    }

    /// Runs `body` away from the threads of Swift concurrency, which it would hold for seconds.
    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }

    private func work(
        _ inputs: [Input],
        date: AdvisoryDate,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> AdvisoryImportReport {
        let swap = try SnapshotSwap(path, isEmpty: startsEmpty)
        let report = try write(swap.temporaryPath, inputs, date: date, isCancelled: isCancelled)
        try swap.finish()
        return report
    }

    /// The connection is closed when this returns: only then is the file whole.
    private func write(
        _ temporaryPath: String,
        _ inputs: [Input],
        date: AdvisoryDate,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> AdvisoryImportReport {
        let isNew = !FileManager.default.fileExists(atPath: temporaryPath)
        let file = try SnapshotFile(writing: temporaryPath)
        if isNew { try file.execute(SnapshotSchema.sql) } else { try SnapshotSchema.check(file) }
        try file.execute("BEGIN")
        let importer = try SnapshotImporter(file, limits: limits, isCancelled: isCancelled)
        for input in inputs { try importer.read(input.path, name: input.spool == nil ? nil : input.name) }
        try importer.finish(at: date)
        try file.execute("COMMIT")
        return importer.report
    }
}

/// Set once, from any thread.
private final class CancellationFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}

extension AdvisoryDate {
    /// The moment that the clock shows.
    public static var now: AdvisoryDate {
        AdvisoryDate(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}
