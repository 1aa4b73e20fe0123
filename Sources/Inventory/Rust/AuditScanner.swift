import Layers

/// Finds the list of crates that cargo-auditable links into an executable, as it streams past.
///
/// It is a section of its own, `.dep-v0`, whose place only the table at the end of the file tells. So it is known by what it is: a
/// zlib stream that begins with `{"packages":`. Source: rust-secure-code/cargo-auditable, PARSING.md.
struct AuditScanner: Sendable {
    /// Lists of large programs have some 10 kB, deflated; several layers may have one at once.
    private static let compressedLimitInBytes = 2 << 20
    private static let expandedLimitInBytes = 8 << 20
    /// Fits into what the reader keeps of the last chunk: tables of codes take up to 300 bytes.
    private static let trialInBytes = 512
    /// An executable of 200 MB has some hundred places that could be a zlib stream; each trial takes microseconds.
    private static let trialLimit = 50_000
    private static let beginning: StaticString = #"{"packages":"#

    private enum Stage: Sendable {
        case searching
        case collecting
        case done
    }

    private var stage = Stage.searching
    private var next = 0
    private var compressed: [UInt8] = []
    private var nextTrial = 0
    private var crates: [UInt8]?
    private var trials = 0

    /// Looks at everything in `view` that begins before `end`; `view` itself begins at `offset` of the file.
    mutating func scan(_ view: ByteView, at offset: Int, until end: Int) {
        if stage == .collecting { collect(view, at: offset) }
        guard stage == .searching else { return }
        var place = max(next - offset, 0)
        // The second byte tells the level, and makes the two a multiple of 31. Source: RFC 1950.
        while let hit = view.firstPair(0x78, SIMD4(0x01, 0x5E, 0x9C, 0xDA), from: place), hit < end {
            place = hit + 1
            // The first block is stored, or has fixed or its own codes; there is no fourth kind.
            guard let block = view[hit + 2], block & 6 != 6 else { continue }
            trials += 1
            guard trials <= AuditScanner.trialLimit else {
                stage = .done
                return
            }
            guard isList(view.dropping(hit).prefix(AuditScanner.trialInBytes)) else { continue }
            stage = .collecting
            next = offset + hit
            nextTrial = 16384
            return collect(view, at: offset)
        }
        next = max(next, offset + max(end, 0))
    }

    /// Says what was found.
    mutating func finish(into reading: inout FileReading) throws(UnreadableFile) {
        if stage == .collecting { expand() }
        if stage == .collecting {
            throw UnreadableFile("a list of crates by cargo-auditable that is cut off or too long")
        }
        if trials > AuditScanner.trialLimit {
            throw UnreadableFile(
                "more than \(AuditScanner.trialLimit) zlib streams: a list of crates among them was not looked for"
            )
        }
        guard let crates else { return }
        try crates.withView { view throws(UnreadableFile) in try AuditedCrates.read(view, into: &reading) }
    }

    private func isList(_ view: ByteView) -> Bool {
        guard let outcome = Inflate.expand(view, wrapping: .zlib, limit: AuditScanner.beginning.utf8CodeUnitCount)
        else { return false }
        return outcome.bytes.withUnsafeBytes { ByteView($0).equals(AuditScanner.beginning) }
    }

    private mutating func collect(_ view: ByteView, at offset: Int) {
        let room = AuditScanner.compressedLimitInBytes - compressed.count
        compressed.append(contentsOf: view.dropping(max(next - offset, 0)).prefix(room).bytes)
        next = max(next, offset + view.count)
        if compressed.count >= nextTrial {
            // Twice as much each time, so that all trials together cost no more than the last.
            nextTrial = compressed.count * 2
            expand()
        }
    }

    private mutating func expand() {
        let outcome = compressed.withUnsafeBytes {
            Inflate.expand(ByteView($0), wrapping: .zlib, limit: AuditScanner.expandedLimitInBytes)
        }
        guard let outcome, outcome.isComplete else { return }
        crates = outcome.bytes
        compressed = []
        stage = .done
    }
}
