public import Layers

extension Catalog {
    /// What is installed, from the files that are left in the final file system and the layer that each one comes from.
    ///
    /// `history` holds, for each path that ``isDatabase(_:)`` names, its versions in all layers from the bottom to the top (the
    /// final one may be among them): a package then belongs to the layer that brought it with that version, and back if it was gone
    /// in between. Without it, packages belong to the layer that wrote the database last.
    public func inventory(
        of files: some Sequence<(file: KeptFile, layer: Int)>,
        history: [String: [(file: KeptFile, layer: Int)]] = [:]
    ) -> Inventory {
        let versions = history.values.flatMap { $0 }
        return inventory(
            of: files.lazy.map { (file: $0.file, path: $0.file.entry.path, layer: $0.layer) },
            versions: versions
        )
    }

    /// What is installed in `fileSystem`, which was made of `layers`, in the same order.
    ///
    /// A package belongs to the layer whose own database has it with that version first, since it was last missing.
    public func inventory(of fileSystem: FileSystem, layers: [LayerContents]) -> Inventory {
        var versions: [(file: KeptFile, layer: Int)] = []
        for (index, layer) in layers.enumerated() {
            versions += layer.kept.lazy.filter { isDatabase($0.entry.path) }.map { (file: $0, layer: index) }
        }
        let files = fileSystem.files().lazy.map { (file: $0.kept, path: $0.path, layer: $0.layerIndex) }
        return inventory(of: files, versions: versions)
    }

    /// The path is the one in the final file system; that in the file's entry may go through a symbolic link.
    private func inventory(
        of files: some Sequence<(file: KeptFile, path: String, layer: Int)>,
        versions: [(file: KeptFile, layer: Int)]
    ) -> Inventory {
        var draft = InventoryDraft()
        let origins = origins(in: versions)
        for (file, path, layer) in files {
            switch read(file) {
            case .success(nil): continue
            case .success(let reading?):
                draft.add(reading, path: path, layer: layer, origins: database(of: file).flatMap { origins[$0] })
            case .failure(let unreadable):
                draft.unreadable.append(Inventory.Unreadable(path: path, reason: unreadable.reason))
            }
        }
        return draft.inventory()
    }

    /// By package manager, for a database moves from one of its places to another as distributions change.
    private func origins(in versions: [(file: KeptFile, layer: Int)]) -> [Int: PackageOrigins] {
        var origins: [Int: PackageOrigins] = [:]
        // Several places of one database come one after the other.
        for (file, layer) in versions.sorted(by: { $0.layer < $1.layer }) {
            // A version that cannot be read says nothing of its layer; the final one is told of where it is final.
            guard let database = database(of: file), case .success(let reading?) = read(file) else { continue }
            origins[database, default: PackageOrigins()].add(reading.packages, layer: layer)
        }
        return origins
    }

    private func database(of file: KeptFile) -> Int? {
        cataloguers.firstIndex { $0.isDatabase(file.entry.path) }
    }

    private func read(_ file: KeptFile) -> Result<FileReading?, UnreadableFile> {
        switch file.content {
        case .reading(let value): return .success(value as? FileReading)
        case .unreadable(let reason): return .failure(reason)
        case .bytes(let bytes):
            guard var reader = reader(for: file.entry) else { return .success(nil) }
            do throws(UnreadableFile) {
                bytes.withUnsafeBytes { reader.read($0) }
                return .success(try reader.finish() as? FileReading)
            } catch {
                return .failure(error)
            }
        }
    }
}
