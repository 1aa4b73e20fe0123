import Layers

/// What a cataloguer made of one file. It is small, and stands for the file from then on.
struct FileReading: Sendable {
    /// Packages that the file states. Their locations are empty, or name the place inside the file only.
    var packages: [Package] = []
    /// Files that belong to distribution packages.
    var ownership: [OwnedFiles] = []
    /// Which distribution it is.
    var release: Release?
    /// What the file says and nobody can use, one line each; the rest of it counts.
    private(set) var problems: [String] = []
    /// Of a lock file: the directory that holds what is really installed. The packages here count only when nothing was found
    /// below it.
    var standsInFor: String?

    /// Says that a part of the file is of no use.
    mutating func note(_ problem: String) {
        if problems.count < CatalogLimits.problemsPerFile { problems.append(problem) }
    }

    /// Takes a package, unless the file already gave too many.
    mutating func add(_ package: Package) throws(UnreadableFile) {
        guard packages.count < CatalogLimits.packagesPerFile else {
            throw UnreadableFile("more than \(CatalogLimits.packagesPerFile) packages in one file")
        }
        packages.append(package)
    }

    /// Nothing was found, and nothing was wrong.
    var isEmpty: Bool { packages.isEmpty && ownership.isEmpty && release == nil && problems.isEmpty }
}

/// The files of one distribution package.
struct OwnedFiles: Sendable {
    /// Its name.
    var owner: String
    /// Of paths without a leading slash, as the package states them.
    var paths: [PathHash]
}
