/// Which layer brought each package of a database that every layer rewrites whole: the lowest of the unbroken run of databases that
/// have it with that version, seen from the top. What was removed and comes back is of the layer that brought it back.
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

    /// The databases, counted from the bottom, that have a package without a break.
    private struct Run {
        let layer: Int
        var last: Int
    }

    private var runs: [Statement: Run] = [:]
    private var layer: Int?
    private var databases = 0

    /// Takes the database of one layer. Layers come from the bottom to the top; what one layer has in several files is one database.
    mutating func add(_ packages: [Package], layer: Int) {
        if self.layer != layer {
            self.layer = layer
            databases += 1
        }
        for package in packages {
            let statement = Statement(package)
            if let run = runs[statement], run.last >= databases - 1 {
                runs[statement]?.last = databases
            } else {
                runs[statement] = Run(layer: layer, last: databases)
            }
        }
    }

    /// Nil when no database has it.
    func layer(of package: Package) -> Int? { runs[Statement(package)]?.layer }
}
