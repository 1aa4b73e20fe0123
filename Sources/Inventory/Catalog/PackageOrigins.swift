/// Which layer brought each package of a database that every layer rewrites whole: the lowest whose database has it with that
/// version.
struct PackageOrigins {
    private struct Statement: Hashable {
        let name: String
        let version: String
        let architecture: String?

        init(_ package: Package) {
            name = package.name
            version = package.version
            architecture = package.architecture
        }
    }

    private var layers: [Statement: Int] = [:]

    /// Takes the database of one layer.
    mutating func add(_ packages: [Package], layer: Int) {
        for package in packages { layers[Statement(package)] = min(layer, layers[Statement(package)] ?? layer) }
    }

    /// Nil when no database has it.
    func layer(of package: Package) -> Int? { layers[Statement(package)] }
}
