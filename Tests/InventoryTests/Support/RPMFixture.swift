import GRDBSQLite

/// An rpm package made in code, and the databases that can hold it.
struct RPMFixture {
    var name: String
    var version: String
    var release: String
    var epoch: UInt32?
    var source: String
    var label: String?
    var files: [String] = []
    /// Bytes that tell nothing here, as digests and change logs are.
    var ballast = 0
    /// Whether its first part has the mark at its end that every package has which rpm installed.
    var hasMark = false

    /// The header as a database holds it: without magic, all numbers with the highest byte first.
    var header: [UInt8] {
        var index = ByteWriter()
        var data = ByteWriter()
        var count: UInt32 = 0
        func add(_ tag: UInt32, _ type: UInt32, _ items: UInt32, _ body: (inout ByteWriter) -> Void) {
            if type == 4 { data.align(4) }
            for field in [tag, type, UInt32(data.bytes.count), items] { index.big(field) }
            body(&data)
            count += 1
        }
        func add(_ tag: UInt32, _ text: String) {
            add(tag, 6, 1) { $0.text(text + "\0") }
        }
        add(1000, name)
        add(1001, version)
        add(1002, release)
        if let epoch { add(1003, 4, 1) { $0.big(epoch) } }
        add(1014, "MIT")
        add(1022, "x86_64")
        add(1044, source)
        if let label { add(5096, label) }
        if !files.isEmpty {
            let parts = files.map { $0.split(separator: "/") }
            let directories = parts.map { "/" + $0.dropLast().joined(separator: "/") + "/" }
            let distinct = Array(Set(directories)).sorted()
            add(1116, 4, UInt32(files.count)) { data in
                for directory in directories { data.big(UInt32(distinct.firstIndex(of: directory) ?? 0)) }
            }
            add(1117, 8, UInt32(files.count)) { data in for part in parts { data.text((part.last ?? "") + "\0") } }
            add(1118, 8, UInt32(distinct.count)) { data in for directory in distinct { data.text(directory + "\0") } }
        }
        if ballast > 0 {
            add(1080, 7, UInt32(ballast)) { data in
                for number in 0..<ballast { data.bytes.append(UInt8(truncatingIfNeeded: number &* 7)) }
            }
        }
        var mark = ByteWriter()
        if hasMark {
            count += 1
            for field in [63, 7, UInt32(data.bytes.count), 16] { mark.big(field) }
            data.big(UInt32(63))
            data.big(UInt32(7))
            data.big(-16 * Int32(count))
            data.big(UInt32(16))
        }
        var header = ByteWriter()
        header.big(count)
        header.big(UInt32(data.bytes.count))
        return header.bytes + mark.bytes + index.bytes + data.bytes
    }

    /// SUSE's format.
    static func native(_ packages: [RPMFixture]) -> [UInt8] {
        var slots = ByteWriter()
        slots.text("RpmP")
        for field: UInt32 in [0, 7, 1, UInt32(packages.count + 1), 0, 0, 0] { slots.little(field) }
        var blobs = ByteWriter()
        for (number, package) in packages.enumerated() {
            let header = package.header
            var blob = ByteWriter()
            blob.text("BlbS")
            for field in [UInt32(number + 1), 7, UInt32(header.count)] { blob.little(field) }
            blob.bytes += header
            blob.align(16)
            slots.text("Slot")
            let block = UInt32((4096 + blobs.bytes.count) / 16)
            for field in [UInt32(number + 1), block, UInt32(blob.bytes.count / 16)] { slots.little(field) }
            blobs.bytes += blob.bytes
        }
        while slots.bytes.count < 4096 {
            slots.text("Slot")
            slots.zeros(12)
        }
        return slots.bytes + blobs.bytes
    }

    /// Berkeley DB: a page about the file, a page of keys and values, and a chain of pages for each package, in the order of pages that
    /// `shuffle` makes of them.
    static func berkeley(
        _ packages: [RPMFixture],
        isBigEndian: Bool = false,
        pageSize size: Int = 512,
        shuffle: ([Int]) -> [Int] = { $0 }
    ) -> [UInt8] {
        func number<T: FixedWidthInteger>(_ value: T, into writer: inout ByteWriter) {
            if isBigEndian { writer.big(value) } else { writer.little(value) }
        }
        func page(_ number: Int, previous: Int = 0, next: Int, entries: Int, offset: Int, type: UInt8) -> ByteWriter {
            var page = ByteWriter()
            page.zeros(8)
            for field in [number, previous, next] { fixed(UInt32(field), &page) }
            fixed(UInt16(entries), &page)
            fixed(UInt16(offset), &page)
            page.bytes += [0, type]
            return page
        }
        func fixed<T: FixedWidthInteger>(_ value: T, _ writer: inout ByteWriter) { number(value, into: &writer) }
        let headers = packages.map(\.header)
        let part = size - 26
        let count = headers.reduce(0) { $0 + ($1.count + part - 1) / part }
        var numbers = shuffle(Array(2..<(2 + count)))[...]
        var chains: [Int: [UInt8]] = [:]
        var items: [[UInt8]] = []
        for (key, header) in headers.enumerated() {
            items.append([1] + [UInt8(key + 1), 0, 0, 0])
            var item = ByteWriter(bytes: [3, 0, 0, 0])
            fixed(UInt32(numbers.first ?? 0), &item)
            fixed(UInt32(header.count), &item)
            items.append(item.bytes)
            var previous = 0
            for start in stride(from: 0, to: header.count, by: part) {
                let piece = header[start..<min(start + part, header.count)]
                let isLast = start + part >= header.count
                guard let number = numbers.popFirst() else { return [] }
                let next = isLast ? 0 : numbers.first ?? 0
                var chain = page(number, previous: previous, next: next, entries: 1, offset: piece.count, type: 7)
                chain.bytes += piece
                chain.pad(to: size)
                chains[number] = chain.bytes
                previous = number
            }
        }
        var hash = page(1, next: 0, entries: items.count, offset: 0, type: 13)
        var places: [Int] = []
        var end = size
        for item in items {
            end -= item.count
            places.append(end)
        }
        for place in places { fixed(UInt16(place), &hash) }
        hash.pad(to: end)
        for item in items.reversed() { hash.bytes += item }
        var about = ByteWriter()
        about.zeros(12)
        for field: UInt32 in [0x61561, 9, UInt32(size), 0x800, 0, UInt32(count + 1)] { fixed(field, &about) }
        about.pad(to: size)
        return about.bytes + hash.bytes + chains.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// SQLite, with `statements` run before the rows come in, and `changes` behind them.
    static func sqlite(
        _ packages: [RPMFixture],
        statements: [String] = [table],
        changes: [String] = []
    ) -> [UInt8] {
        var connection: OpaquePointer?
        guard sqlite3_open(":memory:", &connection) == SQLITE_OK else { return [] }
        defer { sqlite3_close(connection) }
        for statement in statements { sqlite3_exec(connection, statement, nil, nil, nil) }
        for package in packages {
            var statement: OpaquePointer?
            sqlite3_prepare_v2(connection, "INSERT INTO Packages(blob) VALUES (?)", -1, &statement, nil)
            package.header.withUnsafeBytes { bytes in
                _ = sqlite3_bind_blob(statement, 1, bytes.baseAddress, Int32(bytes.count), nil)
                _ = sqlite3_step(statement)
            }
            sqlite3_finalize(statement)
        }
        for change in changes { sqlite3_exec(connection, change, nil, nil, nil) }
        var size: sqlite3_int64 = 0
        guard let bytes = sqlite3_serialize(connection, "main", &size, 0) else { return [] }
        defer { sqlite3_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
    }

    static let table = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"
}
