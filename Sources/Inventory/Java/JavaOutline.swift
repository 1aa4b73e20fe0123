import Layers

/// What an archive told: itself, and the archives in it. It does not know where it lies, since that may be told after it was read.
struct JavaOutline: Sendable {
    /// An archive in the archive.
    struct Inner: Sendable {
        enum Content: Sendable {
            case read(JavaOutline)
            /// Why it was not.
            case problem(String)
        }

        /// As the directory has it.
        let path: String
        let content: Content
    }

    /// What the archive is; their locations are empty.
    var packages: [Package] = []
    /// Of its own entries; each begins with the path.
    var problems: [String] = []
    /// In the order of the directory.
    var archives: [Inner] = []

    /// Adds everything to `reading`, as found at `inner` of the file, below `depth` other archives.
    func add(to reading: inout FileReading, inner: String?, depth: Int) throws(UnreadableFile) {
        for package in packages {
            var package = package
            package.locations = [Package.Location(path: "", layer: nil, inner: inner)]
            try reading.add(package)
        }
        for problem in problems { reading.note(inner.map { "\($0)!/\(problem)" } ?? problem) }
        for archive in archives {
            let place = inner.map { "\($0)!/\(archive.path)" } ?? archive.path
            guard depth + 1 < JavaLimits.nesting else {
                reading.note("\(place): nested too deeply")
                continue
            }
            switch archive.content {
            case .problem(let reason): reading.note("\(place): \(reason)")
            case .read(let outline): try outline.add(to: &reading, inner: place, depth: depth + 1)
            }
        }
    }
}
