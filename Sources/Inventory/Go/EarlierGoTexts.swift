import Layers

/// The texts of a build info from before Go 1.18: the header has addresses of two string headers, which come later in the file,
/// and those have addresses of the texts, which have passed already.
///
/// So in executables with Go's note every place that could be such a text is remembered as it passes: what begins with `go1.`, and
/// what follows the linker's mark in front of module lines.
struct EarlierGoTexts: Sendable {
    /// Whether a header was found whose texts must be here.
    var isPromised: Bool { wantedVersion != nil }

    /// Programs hold some hundred texts that begin so.
    private static let candidateLimit = 20_000
    private static let versionInBytes = 48
    private static let moduleListLimit = 4
    private static let mark: [UInt8] = [
        0x30, 0x77, 0xAF, 0x0C, 0x92, 0x74, 0x08, 0x02, 0x41, 0xE1, 0xC1, 0x07, 0xE6, 0xD6, 0x18, 0xE6,
    ]

    private struct ModuleList: Sendable {
        let offset: Int
        var bytes: [UInt8]
        var next: Int
        var isOver = false
    }

    /// A string header in the file, and its bytes once they passed.
    private struct Wanted: Sendable {
        let offset: Int
        var bytes: [UInt8] = []
    }

    private var next = 0
    private var versions: [Int: [UInt8]] = [:]
    private var moduleLists: [ModuleList] = []
    private var pointerSize = 8
    private var wantedVersion: Wanted?
    private var wantedModules: Wanted?

    /// Remembers what `view` holds.
    mutating func scan(_ view: ByteView, at offset: Int, until end: Int, header: ELFHeader) {
        for index in moduleLists.indices {
            let list = moduleLists[index]
            let room = GoBuildInfo.limitInBytes - list.bytes.count
            // Until the mark at the end; what comes behind it is cut off when the length is known.
            guard room > 0, !list.isOver else { continue }
            let more = view.dropping(max(list.next - offset, 0)).prefix(min(room, 65536))
            moduleLists[index].bytes.append(contentsOf: more.bytes)
            moduleLists[index].next = list.next + more.count
            let old = max(0, list.bytes.count - EarlierGoTexts.mark.count)
            moduleLists[index].isOver = EarlierGoTexts.isOver(moduleLists[index].bytes[old...])
        }
        capture(view, at: offset)
        let start = max(next - offset, 0)
        next = max(next, offset + max(end, 0))
        // Half of an executable is code, which holds no text.
        guard header.mayHoldConstants(from: offset, count: view.count) else { return }
        findVersions(in: view, at: offset, from: start, until: end)
        findModuleLists(in: view, at: offset, from: start, until: end)
    }

    /// Notes where the string headers are; `header` is the file's, and the build info's stands at `place` of `view`.
    mutating func promise(
        in view: ByteView,
        at offset: Int,
        place: Int,
        pointerSize: Int,
        header: ELFHeader
    ) {
        guard !isPromised, let version = header.number(view, place + 16, pointerSize),
            let modules = header.number(view, place + 16 + pointerSize, pointerSize),
            let versionOffset = header.fileOffset(of: version)
        else { return }
        self.pointerSize = pointerSize
        wantedVersion = Wanted(offset: versionOffset)
        wantedModules = header.fileOffset(of: modules).map { Wanted(offset: $0) }
        capture(view, at: offset)
    }

    /// The texts, once everything passed; nil when the version cannot be followed.
    func resolved(by header: ELFHeader) -> GoBuildInfo? {
        guard let (place, length) = target(of: wantedVersion, header), let candidate = versions[place],
            length <= candidate.count
        else { return nil }
        var lines: [UInt8] = []
        if let (place, length) = target(of: wantedModules, header),
            let list = moduleLists.first(where: { $0.offset == place }), length <= list.bytes.count
        {
            lines = list.bytes[..<length].withUnsafeBytes { Array(GoBuildInfo.withoutMarks(ByteView($0)).bytes) }
        }
        return GoBuildInfo(version: String(decoding: candidate[..<length], as: UTF8.self), modules: lines)
    }

    private func target(of wanted: Wanted?, _ header: ELFHeader) -> (place: Int, length: Int)? {
        guard let wanted, wanted.bytes.count == 2 * pointerSize else { return nil }
        return wanted.bytes.withUnsafeBytes { bytes in
            let view = ByteView(bytes)
            guard let address = header.number(view, 0, pointerSize), let place = header.fileOffset(of: address),
                let length = header.number(view, pointerSize, pointerSize).flatMap(Int.init(exactly:))
            else { return nil }
            return (place, length)
        }
    }

    private mutating func capture(_ view: ByteView, at offset: Int) {
        for field in [\EarlierGoTexts.wantedVersion, \.wantedModules] {
            guard let wanted = self[keyPath: field], wanted.bytes.isEmpty,
                let bytes = view.slice(from: wanted.offset - offset, count: 2 * pointerSize)
            else { continue }
            self[keyPath: field]?.bytes = Array(bytes.bytes)
        }
    }

    private mutating func findVersions(in view: ByteView, at offset: Int, from start: Int, until end: Int) {
        var place = start
        // "o1" is rarer than its letters.
        let second = SIMD4(repeating: UInt8(ascii: "1"))
        while let hit = view.firstPair(UInt8(ascii: "o"), second, from: place + 1), hit - 1 < end {
            place = hit
            let text = view.dropping(hit - 1).prefix(EarlierGoTexts.versionInBytes)
            guard text.hasPrefix("go1."), versions.count < EarlierGoTexts.candidateLimit else { continue }
            versions[offset + hit - 1] = Array(text.bytes)
        }
    }

    private mutating func findModuleLists(in view: ByteView, at offset: Int, from start: Int, until end: Int) {
        var place = start
        while let hit = view.firstPair(0xAF, SIMD4(repeating: 0x0C), from: place + 2), hit - 2 < end {
            place = hit - 1
            let list = view.dropping(hit - 2)
            guard list.prefix(16).bytes.elementsEqual(EarlierGoTexts.mark),
                moduleLists.count < EarlierGoTexts.moduleListLimit
            else { continue }
            let next = offset + view.count
            moduleLists.append(ModuleList(offset: offset + hit - 2, bytes: Array(list.bytes), next: next))
        }
    }

    /// Whether the mark behind the lines has come. Source: Go, cmd/go/internal/modload/build.go.
    private static func isOver(_ bytes: ArraySlice<UInt8>) -> Bool {
        let mark: [UInt8] = [
            0xF9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xD8, 0xF2,
        ]
        return bytes.withUnsafeBytes { bytes in
            mark.withUnsafeBytes { ByteView(bytes).firstIndex(of: $0) != nil }
        }
    }
}
