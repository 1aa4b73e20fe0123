import Layers

/// `yarn.lock`, the classic format and that of Yarn 2 and later (a small part of YAML).
///
/// Both have blocks: a line with the ranges that are met, flush left and ending in a colon, and indented lines below it.
enum YarnLock {
    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading {
        var reading = FileReading()
        var block = Block()
        for line in Lines(bytes) {
            if line.isEmpty || line[0] == UInt8(ascii: "#") { continue }
            if line[0] != 0x20 {
                try block.finish(into: &reading)
                block = Block(head: line)
            } else {
                block.take(line.trimmed)
            }
        }
        try block.finish(into: &reading)
        if reading.packages.isEmpty, bytes.firstIndex(of: "yarn lockfile") == nil,
            bytes.firstIndex(of: "__metadata") == nil, !bytes.trimmed.isEmpty
        {
            throw UnreadableFile("no lock file of Yarn")
        }
        return reading
    }

    private struct Block {
        var head: ByteView?
        var version: String?
        var resolution: String?

        init(head: ByteView? = nil) { self.head = head }

        mutating func take(_ line: ByteView) {
            if line.hasPrefix("version") { version = YarnLock.value(line.dropping(7)) ?? version }
            if line.hasPrefix("resolution:") { resolution = YarnLock.value(line.dropping(11)) ?? resolution }
        }

        func finish(into reading: inout FileReading) throws(UnreadableFile) {
            guard let head, let version, head.hasSuffix(":"), !head.hasPrefix("__metadata") else { return }
            // Only packages of the registry; `@workspace:`, `@patch:` and `@file:` are the project's own.
            if let resolution {
                guard let name = YarnLock.name(in: resolution[...], range: "npm:") else { return }
                if let package = Package(npm: name, version: version) { try reading.add(package) }
            } else {
                let first = head.prefix(head.firstIndex(of: UInt8(ascii: ",")) ?? head.count - 1)
                let spec = YarnLock.value(first) ?? ""
                guard let name = YarnLock.name(in: spec[...], range: nil) else { return }
                if let package = Package(npm: name, version: version) { try reading.add(package) }
            }
        }
    }

    /// Behind a colon or a space, without quotes.
    private static func value(_ rest: ByteView) -> String? {
        let text = rest.text.drop { $0 == ":" || $0 == " " }
        let bare = text.first == "\"" ? text.dropFirst().prefix { $0 != "\"" } : text
        return bare.isEmpty || bare.utf8.count > CatalogLimits.wordInBytes ? nil : String(bare)
    }

    /// `@scope/name@range`; of `alias@npm:name@range`, the real name.
    private static func name(in spec: Substring, range: String?) -> String? {
        guard let at = spec.dropFirst().firstIndex(of: "@") else { return nil }
        let behind = spec[spec.index(after: at)...]
        if let range { return behind.hasPrefix(range) ? String(spec[..<at]) : nil }
        guard behind.hasPrefix("npm:") else {
            return behind.contains(":") && !behind.hasPrefix("http") ? nil : String(spec[..<at])
        }
        let real = behind.dropFirst(4)
        guard let end = real.dropFirst().firstIndex(of: "@") else { return String(spec[..<at]) }
        return String(real[..<end])
    }
}
