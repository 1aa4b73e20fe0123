import Layers

/// Finds Go's build info in an executable that streams past.
///
/// Its 32-byte header is aligned to 16. Since Go 1.18 the texts follow it (`flags & 2`); before, it points to them, see
/// ``EarlierGoTexts``. Source: Go, src/debug/buildinfo/buildinfo.go, and cmd/link.
struct GoScanner: Sendable {
    var header: ELFHeader?

    private enum Stage: Sendable {
        case searching
        case collecting
        case done
    }

    private var stage = Stage.searching
    /// The first byte of the file that was not looked at yet.
    private var next = 0
    private var texts: [UInt8] = []
    private var info: GoBuildInfo?
    private var isDamaged = false
    private var earlier = EarlierGoTexts()

    /// Looks at everything in `view` that begins before `end`; `view` itself begins at `offset` of the file.
    mutating func scan(_ view: ByteView, at offset: Int, until end: Int) {
        if stage == .done { return }
        if let header, header.hasGoNote { earlier.scan(view, at: offset, until: end, header: header) }
        if stage == .collecting { collect(view, at: offset) }
        if stage == .searching { search(view, at: offset, until: end) }
    }

    /// Says what was found.
    mutating func finish(into reading: inout FileReading) throws(UnreadableFile) {
        if stage == .collecting { isDamaged = true }
        if info == nil, let header { info = earlier.resolved(by: header) }
        if let info { return try info.add(to: &reading) }
        if isDamaged || earlier.isPromised { throw UnreadableFile("Go build info that cannot be followed") }
    }

    /// "\xff Go bui", read as one number: most places need no second look.
    private static let magicHead = UInt64(littleEndian: 0x6975_6220_6f47_20ff)

    private mutating func search(_ view: ByteView, at offset: Int, until end: Int) {
        var place = max(next - offset, 0)
        place += (16 - (offset + place) % 16) % 16
        while place < end, place + 32 <= view.count {
            if view.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) == GoScanner.magicHead,
                view.dropping(place + 8).hasPrefix("ldinf:")
            {
                found(at: place, in: view, offset: offset)
                if stage != .searching { return }
            }
            place += 16
        }
        next = offset + place
    }

    private mutating func found(at place: Int, in view: ByteView, offset: Int) {
        guard let pointerSize = view[place + 14], let flags = view[place + 15] else { return }
        if flags & 2 != 0 {
            // Without a copy first: in a hostile file every other place is one.
            if case .foreign = GoBuildInfo.inline(view.dropping(place + 32)) { return }
            stage = .collecting
            next = offset + place + 32
            texts = []
            collect(view, at: offset)
        } else if let header, pointerSize == 4 || pointerSize == 8, flags == (header.isBigEndian ? 1 : 0) {
            earlier.promise(in: view, at: offset, place: place, pointerSize: Int(pointerSize), header: header)
        }
    }

    private mutating func collect(_ view: ByteView, at offset: Int) {
        texts.append(contentsOf: view.dropping(max(next - offset, 0)).bytes)
        next = max(next, offset + view.count)
        switch texts.withUnsafeBytes({ GoBuildInfo.inline(ByteView($0)) }) {
        case .complete(let found):
            info = found
            stage = .done
            texts = []
        case .incomplete: return
        // The magic as a constant, in Go's own tools.
        case .foreign:
            stage = .searching
            texts = []
        }
    }
}
