import Layers

/// Inflates an archive that is compressed in another, as it comes, and sifts it on the way.
///
/// One sieve or reader has it, and those go from task to task under the lock of their layer: that makes it sendable.
final class ArchiveInflation: @unchecked Sendable {
    /// What comes out at once: stays in a processor's cache until it was looked at.
    private static let pieceInBytes = 64 << 10
    /// What stays in memory for the next archive: most are smaller.
    private static let reusedInBytes = 1 << 20

    private let level: Int
    private let bytes: ReservedBytes
    private let inflater = RawInflater()
    private var sieve: JavaSieve
    private var name = ""
    private var limit = 0
    private var taken = 0
    private var checkSum: UInt32 = 0
    private var content: InflatedArchive.Content?

    /// For archives that lie in at least `level` others. Nil when the system gives no room.
    init?(level: Int) {
        guard let bytes = ReservedBytes(capacity: JavaLimits.nestedArchiveInBytes + 1) else { return nil }
        self.bytes = bytes
        self.level = level
        sieve = JavaSieve(level: level)
    }

    /// Whether nothing more is wanted of the archive.
    var isAtEnd: Bool { content != nil }

    /// What is held of it.
    var heldInBytes: Int { bytes.heldInBytes + sieve.heldInBytes }

    /// Begins with an archive called `name`, which expands to `statedSize`, if that is known.
    func begin(name: String, statedSize: Int?) {
        bytes.reset(keeping: ArchiveInflation.reusedInBytes)
        inflater.reset()
        sieve = JavaSieve(level: level)
        self.name = name
        limit = min(JavaLimits.nestedArchiveInBytes, statedSize ?? Int.max)
        taken = 0
        checkSum = 0
        content = nil
    }

    /// Reads compressed bytes. Says how many: all of them, unless the archive is at its end, which may turn out to have been up to
    /// ``RawInflater/aheadInBytes`` before them.
    func take(_ input: ByteView, _ allowance: inout JavaAllowance) -> Int {
        var used = 0
        while content == nil {
            // One byte more than wanted shows that there is more.
            let room = min(ArchiveInflation.pieceInBytes, limit + 1 - bytes.count)
            guard room > 0 else {
                content = limit >= JavaLimits.nestedArchiveInBytes ? .excessive(.larger) : .damaged
                break
            }
            let start = bytes.count
            let step = bytes.append(atMost: room) { inflater.inflate(input.dropping(used), into: $0) }
            used += step.taken
            let piece = bytes.view.dropping(start)
            checkSum = Inflate.crc32(of: piece, after: checkSum)
            guard allowance.expand(piece.count) else {
                content = .excessive(.overAllowance)
                break
            }
            sieve.advance(bytes, &allowance)
            if heldInBytes > JavaLimits.heldOfInnerInBytes {
                content = .excessive(.heldTooMuch)
            } else if step.isDamaged {
                content = .damaged
            } else if step.isEnded {
                content = read(&allowance)
            } else if used >= input.count, step.produced < room {
                // All is let out that was in it: so the end of the data is never before its last piece.
                break
            }
        }
        taken += used
        return used
    }

    /// The compressed bytes are at their end.
    func end() -> InflatedArchive {
        let outcome = InflatedArchive(
            name: name,
            compressedSize: taken,
            size: bytes.count,
            checkSum: checkSum,
            content: content ?? .damaged
        )
        sieve = JavaSieve(level: level)
        bytes.reset(keeping: ArchiveInflation.reusedInBytes)
        return outcome
    }

    private func read(_ allowance: inout JavaAllowance) -> InflatedArchive.Content {
        var reader = JavaArchiveReader(bytes.view, inflated: sieve.archives, allowance: allowance)
        defer { allowance = reader.allowance }
        do throws(UnreadableFile) {
            return .read(try reader.outline(name: name, depth: level))
        } catch {
            return .unreadable(error)
        }
    }
}

extension UnreadableFile {
    fileprivate static let larger = UnreadableFile("expands to more than \(JavaLimits.nestedArchiveInBytes) bytes")
    fileprivate static let overAllowance = UnreadableFile(
        "the archive expands to more than \(JavaLimits.expandedInBytes) bytes"
    )
    fileprivate static let heldTooMuch = UnreadableFile(
        "what it says of itself takes more than \(JavaLimits.heldOfInnerInBytes) bytes"
    )
}
