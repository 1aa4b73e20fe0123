extension TarReader {
    /// Offset and size of a piece, 12 bytes each, as many as fit; an empty one ends them.
    mutating func readOldPieces(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start + 24 <= bytes.count {
            let offset = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 12)])
            let size = UnsafeRawBufferPointer(rebasing: bytes[(start + 12)..<(start + 24)])
            if offset[0] == 0 || size[0] == 0 { return }
            if let offset = TarNumber.parse(offset), let size = TarNumber.parse(size) {
                sparse.append(offset: offset, size: size)
            } else {
                sparse.fail()
            }
            start += 24
        }
    }

    /// A block of 21 more pieces that follows the header. Nil when another one does.
    mutating func readSparseExtension(_ block: UnsafeRawBufferPointer) -> Event? {
        readOldPieces(UnsafeRawBufferPointer(rebasing: block[..<504]))
        if block[504] != 0 { return nil }
        return beginSparseContent()
    }

    /// Hands the entry out; its content is read by the map.
    mutating func beginSparseContent() -> Event {
        state = .sparseContent
        sparsePiece = 0
        sparsePosition = 0
        return finishHeader()
    }

    /// Looks whether PAX records make the file a sparse one. Nil when they do not.
    mutating func beginPAXSparse() -> Event? {
        sparse = SparseMap(limit: limits.sparsePieces)
        sparseText = nil
        if records.sparseMajor == 1, records.sparseMinor == 0 {
            // The map stands before the data.
            sparseText = SparseMapText(limit: limits.sparsePieces)
        } else if let map = records.sparseMap {
            let numbers = map.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            for number in map.isEmpty ? [] : numbers where TarNumber.decimal(number) == nil { sparse.fail() }
            sparse.append(pairs: numbers.lazy.compactMap { TarNumber.decimal($0) })
        } else if !records.sparseNumbers.isEmpty {
            sparse.append(pairs: records.sparseNumbers)
        } else {
            return nil
        }
        entry.isSparse = true
        if let name = records.sparseName { self.name = name }
        entry.sizeInBytes = records.sparseSize ?? entry.sizeInBytes
        let event = beginSparseContent()
        if sparseText != nil, state == .sparseContent { state = .sparseMap }
        return event
    }

    /// A block of the map of version 1.0. Nil when its data, or another block, follows.
    mutating func readSparseText(_ block: UnsafeRawBufferPointer) -> Event? {
        remaining -= Int64(Self.blockBytes)
        guard sparseText?.read(block) == true, let text = sparseText else {
            return unreadable("a sparse file with a damaged map")
        }
        sparse = text.map
        if text.isComplete || sparse.problem != nil { state = .sparseContent }
        return nil
    }

    /// The next bytes of a sparse file.
    mutating func nextSparse(_ input: inout UnsafeRawBufferPointer) -> Event {
        if sparsePosition == 0, sparsePiece == 0,
            let problem = sparse.problem(sizeInBytes: entry.sizeInBytes, storedBytes: remaining)
        {
            return unreadable(problem)
        }
        while sparsePiece < sparse.pieces.count {
            let piece = sparse.pieces[sparsePiece]
            if sparsePosition < piece.offset { return takeHole(until: piece.offset) }
            guard sparsePosition < piece.end else {
                sparsePiece += 1
                continue
            }
            guard !input.isEmpty else { return .needsInput }
            let bytes = takeContent(&input, atMost: piece.end - sparsePosition)
            sparsePosition += Int64(bytes.count)
            return .content(bytes)
        }
        if sparsePosition < entry.sizeInBytes { return takeHole(until: entry.sizeInBytes) }
        state = .padding
        return .endOfEntry
    }

    private mutating func takeHole(until end: Int64) -> Event {
        let count = Int(min(end - sparsePosition, Int64(Self.holeBytes)))
        sparsePosition += Int64(count)
        return .content(UnsafeRawBufferPointer(rebasing: holeBuffer()[..<count]))
    }

    mutating func unreadable(_ reason: String) -> Event {
        isSkipping = true
        state = .content
        return .unreadableContent(reason)
    }
}
