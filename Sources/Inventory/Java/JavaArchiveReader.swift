import Layers

/// Reads an archive and the archives in it, within one budget.
struct JavaArchiveReader {
    private(set) var reading = FileReading()
    private var budget = JavaLimits.expandedInBytes
    private var archives = 0
    private var entries = 0

    /// Reads `bytes`, the archive called `name`, which lies at `inner` of the file. Throws when it is no archive at all.
    mutating func read(_ bytes: ByteView, name: String, inner: String?, depth: Int) throws(UnreadableFile) {
        let directory = try ZipDirectory(bytes)
        var contents = Contents()
        try directory.forEach { entry throws(UnreadableFile) in
            // Over all archives: those inside may share their bytes, so that a small file has many.
            entries += 1
            guard entries <= JavaLimits.entries else {
                throw UnreadableFile("more than \(JavaLimits.entries) files in it")
            }
            contents.take(entry)
        }
        let identity = try identity(of: contents, in: directory, name: name, inner: inner)
        for package in identity {
            var package = package
            package.locations = [Package.Location(path: "", layer: nil, inner: inner)]
            try reading.add(package)
        }
        for entry in contents.archives { try readNested(entry, of: directory, inner: inner, depth: depth) }
    }

    /// The entries that tell something.
    private struct Contents {
        var properties: [ZipDirectory.Entry] = []
        var projects: [ZipDirectory.Entry] = []
        var manifest: ZipDirectory.Entry?
        var archives: [ZipDirectory.Entry] = []

        mutating func take(_ entry: ZipDirectory.Entry) {
            switch JavaEntryKind(entry.name) {
            case .properties: properties.append(entry)
            case .project: projects.append(entry)
            case .manifest: manifest = entry
            case .archive: archives.append(entry)
            case nil: break
            }
        }
    }

    private mutating func identity(
        of contents: Contents,
        in directory: ZipDirectory,
        name: String,
        inner: String?
    ) throws(UnreadableFile) -> [Package] {
        let file = JavaFileName(name)
        var found: [Package] = []
        for entry in contents.properties.prefix(JavaLimits.nestedArchives) {
            guard let bytes = expand(entry, of: directory, limit: JavaLimits.propertiesInBytes, inner: inner) else {
                continue
            }
            let package = try bytes.withView { view throws(UnreadableFile) in
                JavaProperties.package(view, path: entry.name.text, file: file)
            }
            if let package, !found.contains(package) { found.append(package) }
        }
        // An archive that was shaded has the properties of what is in it, and maybe not its own.
        if found.contains(where: { $0.name == file.artifact }) { return found }
        var manifest: [String: String] = [:]
        if let entry = contents.manifest,
            let bytes = expand(entry, of: directory, limit: JavaLimits.manifestInBytes, inner: inner)
        {
            manifest = try bytes.withView { view throws(UnreadableFile) in JavaManifest.mainSection(of: view) }
        }
        let project = contents.projects.count == 1 ? contents.projects[0].name.text : nil
        let own = JavaManifest.package(manifest, project: found.isEmpty ? project : nil, file: file)
        if let own, found.isEmpty || JavaManifest.isApart(manifest, from: found) { found.append(own) }
        return found
    }

    private mutating func readNested(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        inner: String?,
        depth: Int
    ) throws(UnreadableFile) {
        let path = entry.name.prefix(CatalogLimits.wordInBytes).text
        let place = inner.map { "\($0)!/\(path)" } ?? path
        guard depth + 1 < JavaLimits.nesting else { return reading.note("\(place): nested too deeply") }
        archives += 1
        guard archives <= JavaLimits.nestedArchives else {
            return reading.note("more than \(JavaLimits.nestedArchives) archives")
        }
        let name = String(path.split(separator: "/").last ?? "")
        // Archives in archives are stored as they are, mostly; then nothing is copied.
        if entry.method == 0, !entry.isEncrypted, let stored = directory.stored(entry) {
            return readInner(stored, name: name, place: place, depth: depth)
        }
        guard let bytes = expand(entry, of: directory, limit: JavaLimits.nestedArchiveInBytes, inner: inner) else {
            return
        }
        try bytes.withView { view throws(UnreadableFile) in readInner(view, name: name, place: place, depth: depth) }
    }

    private mutating func readInner(_ bytes: ByteView, name: String, place: String, depth: Int) {
        do throws(UnreadableFile) {
            try read(bytes, name: name, inner: place, depth: depth + 1)
        } catch {
            // Of the outer archive everything else still counts.
            reading.note("\(place): \(error.reason)")
        }
    }

    /// The bytes of `entry`; nil, and a problem is noted, when they cannot be had.
    private mutating func expand(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        limit: Int,
        inner: String?
    ) -> [UInt8]? {
        func problem(_ reason: String) -> [UInt8]? {
            let path = entry.name.prefix(200).text
            reading.note("\(inner.map { "\($0)!/\(path)" } ?? path): \(reason)")
            return nil
        }
        guard !entry.isEncrypted else { return problem("encrypted") }
        guard let stored = directory.stored(entry) else { return problem("not where the directory says") }
        guard entry.size <= limit else { return problem("expands to more than \(limit) bytes") }
        guard entry.size <= budget else {
            return problem("the archive expands to more than \(JavaLimits.expandedInBytes) bytes")
        }
        budget -= entry.size
        let bytes: [UInt8]
        switch entry.method {
        case 0: bytes = Array(stored.bytes)
        case 8:
            // One byte more than stated shows an entry that lies about its size.
            guard
                let outcome = Inflate.expand(stored, wrapping: .none, limit: entry.size + 1, expected: entry.size),
                outcome.isComplete, outcome.bytes.count == entry.size
            else { return problem("damaged") }
            bytes = outcome.bytes
        default: return problem("compressed in a way that is not known (\(entry.method))")
        }
        guard bytes.withUnsafeBytes({ Inflate.crc32(of: ByteView($0)) }) == entry.checkSum else {
            return problem("its check sum is wrong")
        }
        return bytes
    }
}
