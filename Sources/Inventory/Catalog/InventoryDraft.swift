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

    /// Everything in its place.
    func inventory() -> Inventory {
        let release = Release.preferred(of: releases)
        var all = packages
        let modules = moduleDirectories()
        let owners = owners()
        // A lock file that the distribution ships pins what the authors develop with.
        for lock in lockFiles where owners.owner(of: lock.path) == nil {
            if !modules.contains(PathHash(lock.directory)) { all += lock.packages }
        }
        for index in all.indices {
            if all[index].kind.isDistribution {
                all[index].namespace = all[index].namespace ?? release?.vendor
            } else if let path = all[index].locations.first?.path {
                all[index].ownedBy = owners.owner(of: path)
            }
        }
        return Inventory(
            release: release,
            packages: InventoryDraft.merged(all),
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
        // The list of a package that is gone owns nothing: nobody would tell of the flaws.
        return Owners(ownership.filter { names.contains($0.owner) })
    }

    /// One package for each that is the same, with all its locations in the order of their paths.
    private static func merged(_ packages: [Package]) -> [Package] {
        var places: [Package: Int] = [:]
        var merged: [Package] = []
        for package in packages {
            var key = package
            key.locations = []
            key.licenses = []
            if let index = places[key] {
                merged[index].locations += package.locations
            } else {
                places[key] = merged.count
                merged.append(package)
            }
        }
        for index in merged.indices where merged[index].locations.count > 1 {
            var seen: Set<Package.Location> = []
            merged[index].locations = merged[index].locations.filter { seen.insert($0).inserted }
        }
        return merged.sorted(by: isBefore)
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

/// Which distribution package owns which path.
private struct Owners {
    private var owners: [PathHash: String] = [:]

    init(_ ownership: [OwnedFiles]) {
        owners.reserveCapacity(ownership.reduce(0) { $0 + $1.paths.count })
        for files in ownership {
            for path in files.paths { owners[path] = files.owner }
        }
    }

    /// dpkg lists `/lib/x` where a merged-usr system has `usr/lib/x`.
    func owner(of path: String) -> String? {
        owners[PathHash(path)] ?? (path.hasPrefix("usr/") ? owners[PathHash(path.dropFirst(4))] : nil)
    }
}
