import Layers

/// What may still be taken from one file, counted over all archives in it: those inside may share their bytes, so that a small file
/// has many.
struct JavaAllowance: Sendable {
    private var expandable = JavaLimits.expandedInBytes
    private var entries = JavaLimits.entries
    private var archives = JavaLimits.nestedArchives
    private var packages = CatalogLimits.packagesPerFile
    private var told = JavaLimits.toldInBytes
    private var problems = JavaLimits.problems

    /// Takes an entry of a directory.
    mutating func takeEntry() throws(UnreadableFile) {
        guard entries > 0 else { throw UnreadableFile("more than \(JavaLimits.entries) files in it") }
        entries -= 1
    }

    /// Takes an archive in an archive; false when there were too many.
    mutating func takeArchive() -> Bool {
        guard archives > 0 else { return false }
        archives -= 1
        return true
    }

    /// Takes `bytes` that were expanded, or are about to be; false when that is too much.
    mutating func expand(_ bytes: Int) -> Bool {
        guard bytes <= expandable else { return false }
        expandable -= bytes
        return true
    }

    /// Takes a package that an archive states.
    mutating func take(_ package: Package) throws(UnreadableFile) {
        guard packages > 0 else {
            throw UnreadableFile("more than \(CatalogLimits.packagesPerFile) packages in one file")
        }
        let size = package.name.utf8.count + package.version.utf8.count + (package.namespace?.utf8.count ?? 0)
        let withLicenses = package.licenses.reduce(size) { $0 + $1.utf8.count }
        guard withLicenses <= told else {
            throw UnreadableFile("the names of the packages in it take more than \(JavaLimits.toldInBytes) bytes")
        }
        packages -= 1
        told -= withLicenses
    }

    /// Takes a problem that is to be told; false when so many were told that nobody will read this one.
    mutating func takeProblem() -> Bool {
        problems = max(-1, problems - 1)
        return problems >= 0
    }

    /// Whether problems were left out.
    var hasMoreProblems: Bool { problems < 0 }
}
