import Layers

/// What Go's linker says of an executable: its own version, the main module and all that were linked in.
struct GoBuildInfo: Sendable {
    /// `go1.22.1`, with what builders append behind a space.
    let version: String
    /// Lines of words parted by tabs: `path`, `mod`, `dep`, `=>`, `build`.
    let modules: [UInt8]

    /// Modules of the largest programs fill some 100 kB.
    static let limitInBytes = 4 << 20

    /// What reading the texts behind a header gave.
    enum Outcome {
        case complete(GoBuildInfo)
        /// More bytes are needed.
        case incomplete
        /// These are no such texts.
        case foreign
    }

    /// Two texts, each with its length in front as a base-128 number: the version and the modules.
    static func inline(_ view: ByteView) -> Outcome {
        guard let version = lengthPrefixed(view, at: 0) else { return .foreign }
        if version.length > CatalogLimits.wordInBytes { return .foreign }
        guard version.isWhole else { return .incomplete }
        let text = view.slice(from: version.start, count: version.length)?.text ?? ""
        guard text.hasPrefix("go") || text.hasPrefix("devel") else { return .foreign }
        guard let modules = lengthPrefixed(view, at: version.start + version.length) else { return .foreign }
        if modules.length > limitInBytes { return .foreign }
        guard modules.isWhole, let lines = view.slice(from: modules.start, count: modules.length) else {
            return .incomplete
        }
        return .complete(GoBuildInfo(version: text, modules: Array(withoutMarks(lines).bytes)))
    }

    /// The linker puts 16 bytes in front of the module lines and behind them, so that they can be found.
    static func withoutMarks(_ lines: ByteView) -> ByteView {
        guard lines.count >= 33, lines[lines.count - 17] == 0x0A else { return lines.prefix(0) }
        return lines.slice(from: 16, count: lines.count - 32) ?? lines.prefix(0)
    }

    /// Nil when the number itself is none.
    private static func lengthPrefixed(_ view: ByteView, at offset: Int) -> (start: Int, length: Int, isWhole: Bool)? {
        var length = 0
        for index in 0..<5 {
            guard let byte = view[offset + index] else { return (offset, 0, false) }
            length |= Int(byte & 0x7F) << (7 * index)
            guard byte & 0x80 == 0 else { continue }
            let start = offset + index + 1
            return (start, length, length <= view.count - start)
        }
        return nil
    }
}

extension GoBuildInfo {
    /// The standard library by Go's version, the main module and its dependencies.
    func add(to reading: inout FileReading) throws(UnreadableFile) {
        // `devel go1.23-…` is between two versions; nothing can be said of it.
        let word = version.prefix { $0 != " " }
        let number = word.hasPrefix("go") ? word.dropFirst(2) : ""
        try reading.add(Package(kind: .golang, name: "stdlib", version: String(number), locations: []))
        var pending: Module?
        let (lines, linked) = modules.withUnsafeBytes { bytes in
            let view = ByteView(bytes)
            return (Lines(view).compactMap(Module.init), GoLinkerFlags.version(in: view))
        }
        for var module in lines {
            if module.isMain, module.version.isEmpty, let linked { module.version = linked }
            if module.isReplacement {
                // A replacement by a directory has no version, and is not what its path says.
                pending = module.version.isEmpty ? pending?.withoutVersion : module
            } else {
                if let package = pending?.package { try reading.add(package) }
                pending = module
            }
        }
        if let package = pending?.package { try reading.add(package) }
    }

    private struct Module {
        let path: String
        var version: String
        let isReplacement: Bool
        let isMain: Bool

        /// `dep\tpath\tversion\tsum`; nil for other lines.
        init?(_ line: ByteView) {
            isReplacement = line.hasPrefix("=>\t")
            isMain = line.hasPrefix("mod\t")
            guard isReplacement || isMain || line.hasPrefix("dep\t"),
                line.count <= CatalogLimits.wordInBytes
            else { return nil }
            let words = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            path = String(words[1])
            let stated = words.count > 2 ? words[2] : ""
            version = stated == "(devel)" ? "" : String(stated)
        }

        private init(path: String) {
            self.path = path
            version = ""
            isReplacement = false
            isMain = false
        }

        var withoutVersion: Module { Module(path: path) }

        var package: Package? {
            guard !path.isEmpty else { return nil }
            let slash = path.lastIndex(of: "/")
            let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
            guard !name.isEmpty else { return nil }
            return Package(
                kind: .golang,
                namespace: slash.map { String(path[..<$0]) },
                name: String(name),
                version: version,
                locations: []
            )
        }
    }
}
