/// An inventory while files still come in: packages find their places, their distribution and their owners at the end.
struct InventoryDraft {
    /// Files that could not be read, and parts of files.
    var unreadable: [Inventory.Unreadable] = []

    private var packages: [Package] = []
    private var releases: [(path: String, release: Release)] = []
    private var ownership: [OwnedFiles] = []
    private var lockFiles: [(path: String, directory: String, packages: [Package])] = []

    /// Takes what one file gave. Of a database, `origins` tells the layers of its packages.
    mutating func add(_ reading: FileReading, path: String, layer: Int, origins: PackageOrigins?) {
        for problem in reading.problems { unreadable.append(Inventory.Unreadable(path: path, reason: problem)) }
        if let release = reading.release { releases.append((path, release)) }
        ownership += reading.ownership
        let located = reading.packages.map { package in
            var package = package
            let origin = min(layer, origins?.layer(of: package) ?? layer)
            let places = package.locations.isEmpty ? [Package.Location(path: path, layer: origin)] : package.locations
            package.locations = places.map { Package.Location(path: path, layer: origin, inner: $0.inner) }
            return package
        }
        if let directory = reading.standsInFor {
            lockFiles.append((path, directory, located))
        } else {
            packages += located
        }
    }

    /// Everything in its place. Nothing is left in the draft: of a large image all of this is much.
    mutating func inventory() -> Inventory {
        let release = Release.preferred(of: releases)
        let modules = moduleDirectories()
        let owners = owners()
        ownership = []
        // A lock file that the distribution ships pins what the authors develop with.
        lockFiles.reverse()
        while let lock = lockFiles.popLast() {
            guard owners.owner(of: lock.path) == nil, !modules.contains(PathHash(lock.directory)) else { continue }
            packages += lock.packages
        }
        for index in packages.indices {
            if packages[index].kind.isDistribution {
                packages[index].namespace = packages[index].namespace ?? release?.vendor
            } else if let path = packages[index].locations.first?.path {
                packages[index].ownedBy = owners.owner(of: path)
            }
        }
        InventoryDraft.merge(&packages)
        packages.sort(by: InventoryDraft.isBefore)
        defer { packages = [] }
        return Inventory(
            release: release,
            packages: packages,
            unreadable: Set(unreadable).sorted { ($0.path, $0.reason) < ($1.path, $1.reason) }
        )
    }

    /// Every `node_modules/` that has an installed package in it.
    private func moduleDirectories() -> Set<PathHash> {
        var directories: Set<PathHash> = []
        for package in packages where package.kind == .npm {
            var hash = PathHash()
            for part in package.locations.first?.path.split(separator: "/") ?? [] {
                for byte in part.utf8 { hash.append(byte) }
                hash.append(UInt8(ascii: "/"))
                if part == "node_modules" { directories.insert(hash) }
            }
        }
        return directories
    }

    private func owners() -> Owners {
        let names = Set(packages.lazy.filter(\.kind.isDistribution).map(\.name))
        var asked: Set<PathHash> = []
        for lock in lockFiles { Owners.ask(for: lock.path, &asked) }
        for package in packages where !package.kind.isDistribution {
            if let path = package.locations.first?.path { Owners.ask(for: path, &asked) }
        }
        // The list of a package that is gone owns nothing: nobody would tell of the flaws.
        return Owners(ownership.lazy.filter { names.contains($0.owner) }, asked: asked)
    }

    /// One package for each that is the same, with all its locations in the order of their paths.
    private static func merge(_ packages: inout [Package]) {
        // By their hashes, the last of each: whole packages as keys would take as much again. Those with the same one follow each other.
        var places: [Int: Int] = [:]
        var following: [Int: Int] = [:]
        var count = 0
        for index in packages.indices {
            let key = key(packages[index])
            let hash = key.hashValue
            var place = places[hash]
            while let other = place, self.key(packages[other]) != key { place = following[other] }
            if let place {
                packages[place].locations += packages[index].locations
                continue
            }
            following[count] = places[hash]
            places[hash] = count
            if count < index { packages.swapAt(count, index) }
            count += 1
        }
        packages.removeSubrange(count...)
        for index in packages.indices where packages[index].locations.count > 1 {
            var seen: Set<Package.Location> = []
            packages[index].locations = packages[index].locations.filter { seen.insert($0).inserted }
        }
    }

    /// What is the same of a package in several places.
    private static func key(_ package: Package) -> Package {
        var key = package
        key.locations = []
        key.licenses = []
        return key
    }

    private static func isBefore(_ left: Package, _ right: Package) -> Bool {
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.namespace != right.namespace { return left.namespace ?? "" < right.namespace ?? "" }
        if left.name != right.name { return left.name < right.name }
        if left.version != right.version { return left.version < right.version }
        if left.architecture != right.architecture { return left.architecture ?? "" < right.architecture ?? "" }
        return left.locations.first?.path ?? "" < right.locations.first?.path ?? ""
    }
}

/// Which distribution package owns which path, of those that are asked for: a distribution has a hundred times more.
private struct Owners {
    private var owners: [PathHash: String] = [:]

    init(_ ownership: some Sequence<OwnedFiles>, asked: Set<PathHash>) {
        guard !asked.isEmpty else { return }
        for files in ownership {
            for path in files.paths where asked.contains(path) { owners[path] = files.owner }
        }
    }

    /// dpkg lists `/lib/x` where a merged-usr system has `usr/lib/x`.
    func owner(of path: String) -> String? {
        Owners.names(of: path).lazy.compactMap { owners[$0] }.first
    }

    /// Adds what ``owner(of:)`` will look for.
    static func ask(for path: String, _ asked: inout Set<PathHash>) {
        asked.formUnion(names(of: path))
    }

    private static func names(of path: String) -> [PathHash] {
        path.hasPrefix("usr/") ? [PathHash(path), PathHash(path.dropFirst(4))] : [PathHash(path)]
    }
}
