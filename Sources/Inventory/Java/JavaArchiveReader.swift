import Layers

/// Reads an archive by its directory, and the archives in it, within one allowance.
struct JavaArchiveReader {
    private(set) var allowance: JavaAllowance
    /// What the archive lies in, if it is in one that is stored as it is.
    private let whole: ByteView
    /// Archives that were compressed in `whole`, by the places of their headers. Each is there for one entry: no two share one.
    private var inflated: [Int: InflatedArchive]

    /// A reader of `whole` and of what is stored in it as it is.
    init(_ whole: ByteView, inflated: [Int: InflatedArchive] = [:], allowance: JavaAllowance = JavaAllowance()) {
        self.whole = whole
        self.inflated = inflated
        self.allowance = allowance
    }

    /// What a file called `name` has to tell. Throws when it is no archive at all.
    static func reading(
        _ bytes: ByteView,
        name: String,
        inflated: [Int: InflatedArchive] = [:],
        allowance: JavaAllowance = JavaAllowance()
    ) throws(UnreadableFile) -> FileReading {
        var reader = JavaArchiveReader(bytes, inflated: inflated, allowance: allowance)
        var reading = FileReading()
        try reader.outline(name: name, depth: 0).add(to: &reading, inner: nil, depth: 0)
        if reader.allowance.hasMoreProblems { reading.note("more problems than are told") }
        return reading
    }

    /// Reads the archive called `name`, which lies in `depth` others. Throws when it is none.
    mutating func outline(name: String, depth: Int) throws(UnreadableFile) -> JavaOutline {
        try outline(of: whole, name: name, depth: depth)
    }

    private mutating func outline(of bytes: ByteView, name: String, depth: Int) throws(UnreadableFile) -> JavaOutline {
        let directory = try ZipDirectory(bytes)
        var contents = Contents()
        try directory.forEach { entry throws(UnreadableFile) in
            try allowance.takeEntry()
            contents.take(entry)
        }
        var outline = JavaOutline()
        outline.packages = try identity(of: contents, in: directory, name: name, problems: &outline.problems)
        for package in outline.packages { try allowance.take(package) }
        for entry in contents.archives {
            outline.archives.append(
                JavaOutline.Inner(
                    path: entry.name.prefix(CatalogLimits.wordInBytes).text,
                    content: inner(entry, of: directory, depth: depth + 1)
                )
            )
        }
        return outline
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
        problems: inout [String]
    ) throws(UnreadableFile) -> [Package] {
        let file = JavaFileName(name)
        var found: [Package] = []
        for entry in contents.properties.prefix(JavaLimits.nestedArchives) {
            guard
                let bytes = content(entry, of: directory, limit: JavaLimits.propertiesInBytes, problems: &problems)
            else { continue }
            let package = try bytes.withView { view throws(UnreadableFile) in
                JavaProperties.package(view, path: entry.name.text, file: file)
            }
            if let package, !found.contains(package) { found.append(package) }
        }
        // An archive that was shaded has the properties of what is in it, and maybe not its own.
        if found.contains(where: { $0.name == file.artifact }) { return found }
        var manifest: [String: String] = [:]
        if let entry = contents.manifest,
            let bytes = content(entry, of: directory, limit: JavaLimits.manifestInBytes, problems: &problems)
        {
            manifest = try bytes.withView { view throws(UnreadableFile) in JavaManifest.mainSection(of: view) }
        }
        let project = contents.projects.count == 1 ? contents.projects[0].name.text : nil
        let own = JavaManifest.package(manifest, project: found.isEmpty ? project : nil, file: file)
        if let own, found.isEmpty || JavaManifest.isApart(manifest, from: found) { found.append(own) }
        return found
    }

    /// The bytes of `entry`; nil, and a problem is noted, when they cannot be had.
    private mutating func content(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        limit: Int,
        problems: inout [String]
    ) -> [UInt8]? {
        do throws(UnreadableFile) {
            return try expand(entry, of: directory, limit: limit)
        } catch {
            if problems.count < CatalogLimits.problemsPerFile, allowance.takeProblem() {
                problems.append("\(entry.name.prefix(200).text): \(error.reason)")
            }
            return nil
        }
    }

    private mutating func inner(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        depth: Int
    ) -> JavaOutline.Inner.Content {
        do throws(UnreadableFile) {
            return .read(try innerOutline(entry, of: directory, depth: depth))
        } catch {
            // Of the outer archive everything else still counts.
            return .problem(allowance.takeProblem() ? error.reason : "not readable")
        }
    }

    private mutating func innerOutline(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        depth: Int
    ) throws(UnreadableFile) -> JavaOutline {
        guard depth < JavaLimits.nesting else { throw UnreadableFile("nested too deeply") }
        guard allowance.takeArchive() else { throw UnreadableFile("more than \(JavaLimits.nestedArchives) archives") }
        let path = entry.name.prefix(CatalogLimits.wordInBytes).text
        let name = String(path.split(separator: "/").last ?? "")
        if let header = directory.header(of: entry), let place = offset(of: header),
            let archive = inflated.removeValue(forKey: place)
        {
            return try archive.outline(of: entry, name: name)
        }
        // Archives in archives are stored as they are, mostly; then nothing is copied.
        if entry.method == 0, !entry.isEncrypted, let stored = directory.stored(entry) {
            return try outline(of: stored, name: name, depth: depth)
        }
        if entry.method == 8, !entry.isEncrypted, entry.size > JavaLimits.siftedFromInBytes,
            entry.size <= JavaLimits.nestedArchiveInBytes, let stored = directory.stored(entry),
            let inflation = ArchiveInflation(level: depth)
        {
            inflation.begin(name: name, statedSize: entry.size)
            _ = inflation.take(stored, &allowance)
            return try inflation.end().outline(of: entry, name: name)
        }
        let bytes = try expand(entry, of: directory, limit: JavaLimits.nestedArchiveInBytes)
        return try bytes.withView { view throws(UnreadableFile) in
            var reader = JavaArchiveReader(view, allowance: allowance)
            defer { allowance = reader.allowance }
            return try reader.outline(name: name, depth: depth)
        }
    }

    /// Where in ``whole`` the bytes of `view` lie.
    private func offset(of view: ByteView) -> Int? {
        guard let start = view.bytes.baseAddress, let base = whole.bytes.baseAddress else { return nil }
        return start - base
    }

    private mutating func expand(
        _ entry: ZipDirectory.Entry,
        of directory: ZipDirectory,
        limit: Int
    ) throws(UnreadableFile) -> [UInt8] {
        guard !entry.isEncrypted else { throw UnreadableFile("encrypted") }
        guard let stored = directory.stored(entry) else { throw UnreadableFile("not where the directory says") }
        guard entry.size <= limit else { throw UnreadableFile("expands to more than \(limit) bytes") }
        guard allowance.expand(entry.size) else {
            throw UnreadableFile("the archive expands to more than \(JavaLimits.expandedInBytes) bytes")
        }
        let bytes: [UInt8]
        switch entry.method {
        case 0: bytes = Array(stored.bytes)
        case 8:
            // One byte more than stated shows an entry that lies about its size.
            guard
                let outcome = Inflate.expand(stored, wrapping: .none, limit: entry.size + 1, expected: entry.size),
                outcome.isComplete, outcome.bytes.count == entry.size
            else { throw UnreadableFile("damaged") }
            bytes = outcome.bytes
        default: throw UnreadableFile("compressed in a way that is not known (\(entry.method))")
        }
        guard bytes.withUnsafeBytes({ Inflate.crc32(of: ByteView($0)) }) == entry.checkSum else {
            throw UnreadableFile("its check sum is wrong")
        }
        return bytes
    }
}
