public import Layers

extension Catalog {
    /// What is installed, from the files that are left in the final file system and the layer that each one comes from.
    ///
    /// `history` holds, for each path that ``isDatabase(_:)`` names, its versions in all layers from the bottom to the top (the
    /// final one may be among them): a package then belongs to the lowest layer whose database has it with that version. Without
    /// it, packages belong to the layer that wrote the database last.
    public func inventory(
        of files: some Sequence<(file: KeptFile, layer: Int)>,
        history: [String: [(file: KeptFile, layer: Int)]] = [:]
    ) -> Inventory {
        var draft = InventoryDraft()
        for (file, layer) in files {
            let path = file.entry.path
            switch read(file) {
            case .success(nil): continue
            case .success(let reading?):
                let older = history[path].map { databases(in: $0) }
                draft.add(reading, path: path, layer: layer, history: older)
            case .failure(let unreadable):
                draft.unreadable.append(Inventory.Unreadable(path: path, reason: unreadable.reason))
            }
        }
        return draft.inventory()
    }

    private func databases(in versions: [(file: KeptFile, layer: Int)]) -> [(packages: [Package], layer: Int)] {
        versions.compactMap { file, layer in
            // A version that cannot be read says nothing of its layer; the final one is told of where it is final.
            guard case .success(let reading?) = read(file) else { return nil }
            return (reading.packages, layer)
        }
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
