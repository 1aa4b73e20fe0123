import Layers
import Synchronization

/// How much memory the readings of one image may take together. Each file has its own bounds, yet an image may have two million.
final class ReadingBudget: Sendable {
    /// What is to be done with a reading.
    enum Verdict { case keep, tellExcess, drop }

    /// The readings of an image with 30,000 packages take 12 MB; the inventory that is made of them takes twice as much again.
    static let usualLimitInBytes = 48 << 20
    /// Of a file that could not be read, or whose reading is one too many.
    static let noteInBytes = 400
    /// Files that are told of once the limit is reached; the first says it all.
    private static let excessLimit = 20

    private struct State {
        var usedInBytes = 0
        var excess = 0
    }

    let limitInBytes: Int
    private let state = Mutex(State())

    /// A budget of which nothing is used.
    init(limitInBytes: Int = usualLimitInBytes) { self.limitInBytes = limitInBytes }

    /// Whether something was left out.
    var isExceeded: Bool { state.withLock { $0.excess > 0 } }

    /// Takes `bytes` off what is left, if they fit; nothing counts as left out when they do not.
    func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.excess == 0, bytes <= limitInBytes - state.usedInBytes else { return false }
            state.usedInBytes += bytes
            return true
        }
    }

    /// Takes `bytes` off what is left.
    func charge(_ bytes: Int) -> Verdict {
        state.withLock { state in
            if state.excess == 0, bytes <= limitInBytes - state.usedInBytes {
                state.usedInBytes += bytes
                return .keep
            }
            state.excess += 1
            return state.excess <= ReadingBudget.excessLimit ? .tellExcess : .drop
        }
    }
}

/// A reader whose reading is charged to the budget of its image.
struct ChargedReader: FileReader {
    var reader: any FileReader
    let budget: ReadingBudget

    var heldInBytes: Int { reader.heldInBytes }

    var heldLimitInBytes: Int { reader.heldLimitInBytes }

    mutating func read(_ bytes: UnsafeRawBufferPointer) { reader.read(bytes) }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        var reading: FileReading?
        var failure: UnreadableFile?
        do throws(UnreadableFile) {
            reading = try reader.finish() as? FileReading
        } catch {
            failure = error
        }
        guard reading != nil || failure != nil else { return nil }
        switch budget.charge(reading?.approximateSizeInBytes ?? ReadingBudget.noteInBytes) {
        case .keep: break
        case .tellExcess:
            let limit = budget.limitInBytes
            throw UnreadableFile(
                "the packages of this image take more than \(limit) bytes: this file and others are left out"
            )
        case .drop: return nil
        }
        if let failure { throw failure }
        return reading
    }
}

extension FileReading {
    /// Enough to bound them: structures, and the texts that do not fit into one.
    var approximateSizeInBytes: Int {
        var size = ReadingBudget.noteInBytes
        for package in packages {
            size += MemoryLayout<Package>.stride + 200 + package.name.utf8.count + package.version.utf8.count
            size += (package.namespace?.utf8.count ?? 0) + (package.source?.name.utf8.count ?? 0)
            size += package.licenses.reduce(0) { $0 + 16 + $1.utf8.count }
            size += package.locations.reduce(0) { $0 + 64 + ($1.inner?.utf8.count ?? 0) }
        }
        for files in ownership { size += 64 + files.paths.count * MemoryLayout<PathHash>.stride }
        return problems.reduce(size) { $0 + 16 + $1.utf8.count }
    }
}
