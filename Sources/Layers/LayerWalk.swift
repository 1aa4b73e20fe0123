/// Goes through the archive of one layer: hands its files to the selector, keeps what is wanted, notes what hides files below.
struct LayerWalk: ~Copyable {
    private enum Marker {
        case none, whiteout, opaqueDirectory, reserved
    }

    let selector: any FileSelector
    var budget: LayerBudget
    var tar: TarReader
    private(set) var kept: [KeptFile] = []
    private(set) var links: [LayerContents.HardLink] = []
    private(set) var log = EntryLog()

    private var path = EntryPath()
    private var target = EntryPath()
    /// Where the kept file of a path is, for hard links to it.
    private var keptPlaces: [String: Int] = [:]
    /// Hashes of paths that were looked at and dismissed: a hard link to one has nothing of interest either.
    private var dismissed: Set<Int> = []

    private var current: LayerEntry?
    private var bytes: [UInt8] = []
    private var reader: (any FileReader)?

    /// What a ``FileReader`` gets at once.
    private static let pieceBytes = 64 << 10

    init(selector: any FileSelector, budget: LayerBudget) {
        self.selector = selector
        self.budget = budget
        tar = TarReader(limits: budget.limits)
    }

    /// Reads the next bytes of the archive. Nil while it can go on.
    mutating func read(_ archive: UnsafeRawBufferPointer) -> LayerIncompleteness? {
        if let failure = budget.charge(uncompressed: archive.count) { return failure }
        var rest = archive
        while true {
            switch tar.next(&rest) {
            case .needsInput, .end: return nil
            case .failed(let failure): return failure
            case .entry: if let failure = begin() { return failure }
            case .content(let bytes): if let failure = take(bytes) { return failure }
            case .unreadableContent(let reason): end(unreadable: UnreadableFile(reason))
            case .endOfEntry: endFile()
            }
        }
    }

    /// Nothing more is read. A file that was being read is cut.
    mutating func finish() {
        if current != nil { end(unreadable: UnreadableFile("the layer ends inside the file")) }
        log.close()
    }

    // MARK: Entries

    private mutating func begin() -> LayerIncompleteness? {
        let failure = budget.chargeEntry() ?? setPath()
        if failure != nil { return failure }
        let entry = tar.entry
        if entry.kind != .file { tar.skip() }
        guard !path.bytes.isEmpty || entry.kind == .directory else { return ignore() }
        switch marker() {
        case .reserved: return ignore()
        case .whiteout: log.append(.whiteout, path: whiteoutPath())
        case .opaqueDirectory: log.append(.opaqueDirectory, path: parentPath())
        case .none:
            switch entry.kind {
            case .file: return beginFile(entry)
            case .directory: if !path.bytes.isEmpty { log.append(.directory, path: path.bytes) }
            case .symbolicLink: log.append(.symbolicLink, path: path.bytes, target: tar.linkName)
            case .hardLink: return addHardLink(entry)
            case .other: log.append(.other, path: path.bytes)
            }
            return checkIndex()
        }
        tar.skip()
        return checkIndex()
    }

    private mutating func setPath() -> LayerIncompleteness? {
        tar.name.withUnsafeBytes { path.set($0) }
        if path.wasRepaired { budget.counts.repairedPaths += 1 }
        if path.wasClamped { budget.counts.clampedPaths += 1 }
        // Replacement characters are longer than what they replace.
        if path.bytes.count > budget.limits.pathLengthInBytes { return .limit(.pathLength) }
        return path.depth > budget.limits.nesting ? .limit(.nesting) : nil
    }

    private mutating func ignore() -> LayerIncompleteness? {
        tar.skip()
        budget.counts.ignoredEntries += 1
        return nil
    }

    private func checkIndex() -> LayerIncompleteness? {
        log.bytes.count > budget.limits.indexBytes ? .limit(.indexBytes) : nil
    }

    // MARK: Files

    /// What is held of the file that passes now, and how much that may become.
    var held: (bytes: Int, ofBytes: Int64) {
        let size = current?.sizeInBytes ?? 0
        guard let reader else { return (bytes.count, size) }
        return (reader.heldInBytes, min(size, Int64(reader.heldLimitInBytes)))
    }

    private mutating func beginFile(_ file: TarEntry) -> LayerIncompleteness? {
        let entry = LayerEntry(path: path.string, kind: .file, sizeInBytes: file.sizeInBytes, mode: file.mode)
        switch selector.interest(in: entry) {
        case .none:
            tar.skip()
            log.append(.other, path: path.bytes)
            return checkIndex()
        case .whole(let limit):
            guard file.sizeInBytes <= limit else {
                tar.skip()
                return keep(entry, .unreadable(.larger(than: limit)))
            }
            if let failure = budget.charge(kept: file.sizeInBytes) { return failure }
            bytes = []
            bytes.reserveCapacity(Int(file.sizeInBytes))
        case .streamed(let reader):
            guard !file.isSparse || file.sizeInBytes <= budget.limits.sparseFileBytes else {
                tar.skip()
                return keep(
                    entry,
                    .unreadable(UnreadableFile("a sparse file that expands to \(file.sizeInBytes) bytes"))
                )
            }
            self.reader = reader
        }
        current = entry
        return nil
    }

    private mutating func take(_ content: UnsafeRawBufferPointer) -> LayerIncompleteness? {
        if tar.entry.isSparse, let failure = budget.charge(expanded: content.count) { return failure }
        guard reader != nil else {
            bytes.append(contentsOf: content)
            return nil
        }
        var start = 0
        while start < content.count {
            let end = min(start + Self.pieceBytes, content.count)
            reader?.read(UnsafeRawBufferPointer(rebasing: content[start..<end]))
            start = end
        }
        return nil
    }

    private mutating func endFile() {
        guard let entry = current else { return }
        current = nil
        guard reader != nil else {
            _ = keep(entry, .bytes(bytes))
            bytes = []
            return
        }
        do throws(UnreadableFile) {
            if let reading = try reader?.finish() {
                _ = keep(entry, .reading(reading))
            } else {
                dismiss(entry)
            }
        } catch {
            _ = keep(entry, .unreadable(error))
        }
        reader = nil
    }

    private mutating func end(unreadable: UnreadableFile) {
        guard let entry = current else { return }
        current = nil
        bytes = []
        reader = nil
        _ = keep(entry, .unreadable(unreadable))
    }

    private mutating func keep(_ entry: LayerEntry, _ content: KeptFile.Content) -> LayerIncompleteness? {
        keptPlaces[entry.path] = kept.count
        log.append(.kept, path: path.bytes, index: kept.count)
        kept.append(KeptFile(entry: entry, content: content))
        return nil
    }

    private mutating func dismiss(_ entry: LayerEntry) {
        dismissed.insert(entry.path.hashValue)
        log.append(.dismissed, path: path.bytes)
    }

    // MARK: Hard links

    /// Another name of a file is asked for like a file of that name, and gets what was made of the file, if that is known.
    private mutating func addHardLink(_ link: TarEntry) -> LayerIncompleteness? {
        tar.linkName.withUnsafeBytes { target.set($0) }
        guard !target.bytes.isEmpty else { return ignore() }
        let targetPath = target.string
        let original = keptPlaces[targetPath].map { kept[$0] }
        let entry = LayerEntry(
            path: path.string,
            kind: .hardLink(target: targetPath),
            sizeInBytes: original?.entry.sizeInBytes ?? 0,
            mode: link.mode
        )
        let interest = selector.interest(in: entry)
        if case .none = interest {
            log.append(.other, path: path.bytes)
        } else if let original {
            if let failure = budget.charge(kept: 0) { return failure }
            if let content = original.content.asWanted(interest) {
                return keep(entry, content)
            }
            dismiss(entry)
        } else if dismissed.contains(targetPath.hashValue) {
            dismiss(entry)
        } else {
            if let failure = budget.charge(kept: 0) { return failure }
            log.append(.hardLink, path: path.bytes, index: links.count)
            links.append(LayerContents.HardLink(entry: entry, target: target.bytes, interest: interest))
        }
        return checkIndex()
    }

    // MARK: Whiteouts

    /// Source: OCI image specification 1.1, layer.md, "Whiteouts"; the names that aufs reserves begin with `.wh..wh.`.
    private func marker() -> Marker {
        let name = path.bytes[path.nameStart...]
        if name.starts(with: ".wh.".utf8) {
            let rest = name.dropFirst(4)
            if rest.elementsEqual(".wh..opq".utf8) { return .opaqueDirectory }
            if rest.starts(with: ".wh.".utf8) || rest.elementsEqual(".".utf8) || rest.elementsEqual("..".utf8) {
                return .reserved
            }
            return rest.isEmpty ? .reserved : .whiteout
        }
        return path.isReserved ? .reserved : .none
    }

    private func parentPath() -> [UInt8] { Array(path.bytes[..<max(0, path.nameStart - 1)]) }

    private func whiteoutPath() -> [UInt8] {
        Array(path.bytes[..<path.nameStart]) + path.bytes[(path.nameStart + 4)...]
    }
}
