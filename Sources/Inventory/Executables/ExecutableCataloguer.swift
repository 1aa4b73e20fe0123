import Layers

/// Executables that carry the list of what was compiled into them: Go's build info and cargo-auditable's section.
///
/// Libraries are looked at too where an execute bit or their name tells. Which files are ELF, only their first bytes tell; all others are dropped with those.
struct ExecutableCataloguer: Cataloguer {
    let clues: [Clue] = [.executable, .fileExtension(".so")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        entry.sizeInBytes >= ELFHeader.sizeInBytes ? ExecutableReader() : nil
    }
}

/// Streams an executable past its scanners, with a little of the last chunk in front of each.
struct ExecutableReader: FileReader {
    /// The longest thing that must be seen in one piece: the beginning of a deflated list, tables of codes included.
    static let overlapInBytes = 1024

    /// Program headers stand right behind the ELF header; nothing is scanned before they are here.
    private static let headInBytes = 4096

    private enum Stage { case head, scanning, ignored }

    private var stage = Stage.head
    private var window: [UInt8] = []
    private var offset = 0
    private var go = GoScanner()
    private var rust = AuditScanner()

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard stage != .ignored else { return }
        window.append(contentsOf: chunk)
        if stage == .head {
            guard !isForeign else { return ignore() }
            guard window.count >= ExecutableReader.headInBytes else { return }
            takeHead()
        }
        if stage == .scanning, window.count > ExecutableReader.overlapInBytes { scan(isLast: false) }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        guard stage != .ignored, !isForeign || stage == .scanning else { return nil }
        if stage == .head { takeHead() }
        guard stage == .scanning else { return nil }
        scan(isLast: true)
        var reading = FileReading()
        try go.finish(into: &reading)
        try rust.finish(into: &reading)
        return reading.isEmpty ? nil : reading
    }

    /// Whether the first bytes are already those of something else.
    private var isForeign: Bool {
        !zip(window, ELFHeader.magic).allSatisfy(==)
    }

    private mutating func ignore() {
        stage = .ignored
        window = []
    }

    private mutating func takeHead() {
        guard let header = window.withUnsafeBytes({ ELFHeader(ByteView($0)) }) else { return ignore() }
        go.header = header
        stage = .scanning
    }

    private mutating func scan(isLast: Bool) {
        let done = window.count - (isLast ? 0 : ExecutableReader.overlapInBytes)
        window.withUnsafeBytes { bytes in
            go.scan(ByteView(bytes), at: offset, until: done)
            rust.scan(ByteView(bytes), at: offset, until: done)
        }
        offset += done
        window.removeSubrange(..<done)
    }
}
