import Layers

/// Reads a text of stanzas that are parted by empty lines, as package managers write.
protocol StanzaParser: Sendable {
    associatedtype Stanza: TextStanza

    /// Whether anything but empty lines and blanks came so far.
    var hasText: Bool { get set }

    /// One line of a stanza, which is not empty.
    mutating func take(_ line: ByteView, _ stanza: inout Stanza)

    /// A stanza of one line or more is whole.
    mutating func end(_ stanza: Stanza) throws(UnreadableFile)

    /// The file is at its end, and whether that is in the middle of a line. Nil when there is nothing of interest in it.
    mutating func finish(isInLine: Bool) throws(UnreadableFile) -> FileReading?
}

/// What is known of a stanza while its lines are read; nothing at first.
protocol TextStanza {
    init()
}

extension StanzaParser {
    /// Reads whole lines. What follows them begins a stanza, or the file is at its end.
    mutating func read(_ lines: ByteView) throws(UnreadableFile) {
        var stanza = Stanza()
        var isBegun = false
        for line in Lines(lines) {
            if !line.isEmpty {
                take(line, &stanza)
                isBegun = true
            } else if isBegun {
                try end(stanza)
                stanza = Stanza()
                isBegun = false
            }
        }
        if isBegun { try end(stanza) }
        hasText = hasText || !lines.trimmed.isEmpty
    }
}

/// Streams a text past a parser of its stanzas, of which only the one that is not whole yet is held.
struct StanzaReader<Parser: StanzaParser>: FileReader {
    private let limit: Int
    private var parser: Parser
    private var bytes: [UInt8] = []
    private var sizeInBytes = 0
    private var failure: UnreadableFile?

    /// What is gathered before it is parsed: few calls, and less than a processor's cache.
    private static var stepInBytes: Int { 256 << 10 }

    /// A reader of at most `limit` bytes.
    init(_ parser: Parser, limit: Int) {
        self.parser = parser
        self.limit = limit
    }

    var heldInBytes: Int { bytes.count }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        sizeInBytes += chunk.count
        guard sizeInBytes <= limit else { return fail(UnreadableFile("larger than \(limit) bytes")) }
        let before = bytes.count
        bytes.append(contentsOf: chunk)
        guard bytes.count >= StanzaReader.stepInBytes, let end = endOfStanza(after: before) else {
            if bytes.count > CatalogLimits.stanzaInBytes {
                fail(UnreadableFile("more than \(CatalogLimits.stanzaInBytes) bytes without an empty line"))
            }
            return
        }
        do throws(UnreadableFile) {
            try parse(end)
            bytes.removeSubrange(..<end)
        } catch {
            fail(error)
        }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        if let failure { throw failure }
        let isInLine = bytes.last.map { $0 != 0x0A } ?? false
        try parse(bytes.count)
        bytes = []
        return try parser.finish(isInLine: isInLine)
    }

    /// Behind the last empty line that ends in what came after `start`.
    private func endOfStanza(after start: Int) -> Int? {
        var place = bytes.count - 1
        while place >= max(1, start) {
            if bytes[place] == 0x0A {
                let before = bytes[place - 1] == 0x0D ? place - 2 : place - 1
                if before >= 0, bytes[before] == 0x0A { return place + 1 }
            }
            place -= 1
        }
        return nil
    }

    private mutating func parse(_ count: Int) throws(UnreadableFile) {
        let outcome: Result<Void, UnreadableFile> = bytes.withUnsafeBytes { whole in
            do throws(UnreadableFile) {
                return .success(try parser.read(ByteView(whole).prefix(count)))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private mutating func fail(_ reason: UnreadableFile) {
        failure = reason
        bytes = []
    }
}
