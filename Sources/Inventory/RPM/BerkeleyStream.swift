import Layers

/// `Packages` of a Berkeley DB as it streams past.
///
/// A header is longer than a page, and lies in a chain of pages that is mostly written in one go. A chain that has come from its first page to
/// its last is read and given back; the pages of the hash, which say where the chains begin that count, are kept to the end.
struct BerkeleyStream {
    /// A chain whose first pages have come.
    private struct Chain {
        let first: Int
        var next: Int
        var sizeInBytes: Int
    }

    private struct Value {
        let sizeInBytes: Int
        let header: RPMGathering.Header
    }

    private let pages: BerkeleyPages
    /// Pages that were looked at; the first is about the file.
    private var seen = 1
    private var idle = IdleStretch()
    private var waiting: [Int: Chain] = [:]
    private var values: [Int: Value] = [:]
    /// Steps along chains: each page is in one, unless the file is hostile.
    private var steps = 0

    private static let stepsForPage = 4

    init(_ pages: BerkeleyPages) { self.pages = pages }

    /// Looks at the pages that were written since.
    mutating func advance(_ bytes: ReservedBytes) {
        let view = bytes.view
        while (seen + 1) * pages.pageInBytes <= view.count {
            let number = seen
            seen += 1
            steps += BerkeleyStream.stepsForPage
            guard let page = pages.page(number, of: view) else { return }
            switch pages.kind(of: page) {
            case .hash, .unsortedHash: break
            case .overflow:
                guard let overflow = pages.overflow(page) else { continue }
                if let chain = waiting.removeValue(forKey: number) {
                    follow(chain, bytes)
                } else if overflow.previous == 0 {
                    follow(Chain(first: number, next: number, sizeInBytes: 0), bytes)
                }
            case nil: giveBack(number, bytes)
            }
        }
    }

    private mutating func follow(_ chain: Chain, _ bytes: ReservedBytes) {
        var chain = chain
        while chain.next < seen {
            steps -= 1
            guard steps > 0, let overflow = pages.page(chain.next, of: bytes.view).flatMap(pages.overflow) else {
                return
            }
            chain.sizeInBytes += overflow.content.count
            guard overflow.next > 0 else { return read(chain, bytes) }
            chain.next = overflow.next
        }
        // A page is in one chain.
        if waiting[chain.next] == nil { waiting[chain.next] = chain }
    }

    private mutating func read(_ chain: Chain, _ bytes: ReservedBytes) {
        guard values.count < CatalogLimits.packagesPerFile,
            let value = contents(of: chain.first, length: chain.sizeInBytes, in: bytes.view)
        else { return }
        let header = value.withUnsafeBytes { whole -> RPMGathering.Header? in
            RPMHeader.isSound(ByteView(whole)) ? RPMGathering.read(ByteView(whole)) : nil
        }
        guard case .success? = header, let header else { return }
        values[chain.first] = Value(sizeInBytes: chain.sizeInBytes, header: header)
        var next = chain.first
        while next > 0, let overflow = pages.page(next, of: bytes.view).flatMap(pages.overflow) {
            // The number of the next is read before this one is gone.
            giveBack(next, bytes)
            next = overflow.next
        }
    }

    private mutating func giveBack(_ number: Int, _ bytes: ReservedBytes) {
        let start = number * pages.pageInBytes
        idle.add(start..<(start + pages.pageInBytes), bytes)
    }

    /// `length` bytes of the chain that begins at the page `first`; nil when it breaks off.
    private func contents(of first: Int, length: Int, in file: ByteView) -> [UInt8]? {
        guard length <= file.count else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        var next = first
        while bytes.count < length {
            guard let overflow = pages.page(next, of: file).flatMap(pages.overflow) else { return nil }
            bytes.append(contentsOf: overflow.content.prefix(length - bytes.count).bytes)
            next = overflow.next
        }
        return bytes
    }

    /// Gathers the values that could be packages, in the order of the hash's pages.
    func finish(_ file: ByteView, _ gathering: inout RPMGathering) throws(UnreadableFile) {
        guard let last = pages.last(of: file), (last + 1) * pages.pageInBytes <= file.count else {
            throw UnreadableFile("rpm's database is cut off")
        }
        // Items may share pages in a hostile file only: then its size would be read over and over.
        var budget = file.count
        var values = values
        for number in 1..<max(2, last + 1) {
            guard let page = pages.page(number, of: file), let kind = pages.kind(of: page), kind != .overflow else {
                continue
            }
            try pages.forEachValue(of: page) { item throws(UnreadableFile) in
                switch item {
                case .inPage(let value):
                    // Beside the packages stands the count of them, in four bytes.
                    if value.count > 16 { try gathering.add(RPMGathering.read(value)) }
                case .chain(let first, let length):
                    budget -= length
                    guard budget >= 0 else {
                        throw UnreadableFile("rpm's database tells the same packages again and again")
                    }
                    if let value = values[first], value.sizeInBytes == length {
                        values[first] = nil
                        return try gathering.add(value.header)
                    }
                    guard let bytes = contents(of: first, length: length, in: file) else {
                        throw UnreadableFile("rpm's database has a chain of pages that breaks off")
                    }
                    if bytes.count > 16 {
                        try gathering.add(bytes.withUnsafeBytes { RPMGathering.read(ByteView($0)) })
                    }
                }
            }
        }
    }
}
