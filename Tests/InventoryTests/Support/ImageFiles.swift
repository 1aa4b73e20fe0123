import Inventory
import Layers

/// The final files of an image that exists in code only, read as the layer walk reads them.
struct ImageFiles {
    private let catalog: Catalog
    private var files: [(file: KeptFile, layer: Int)] = []
    private var history: [String: [(file: KeptFile, layer: Int)]] = [:]

    /// Bytes that a reader gets at a time; the walk never gives more than 64 KiB.
    var chunkInBytes = 65536

    init(catalog: Catalog = Catalog()) { self.catalog = catalog }

    /// Adds a file that nothing above overwrites.
    mutating func add(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, layer: Int = 0) {
        guard let file = keep(path, bytes, mode: mode) else { return }
        files.append((file, layer))
    }

    /// Adds a file that nothing above overwrites.
    mutating func add(_ path: String, _ text: String, mode: UInt32 = 0o644, layer: Int = 0) {
        add(path, Array(text.utf8), mode: mode, layer: layer)
    }

    /// Adds a version of a database that a layer above has rewritten.
    mutating func addOlder(_ path: String, _ text: String, layer: Int) {
        guard let file = keep(path, Array(text.utf8), mode: 0o644) else { return }
        history[path, default: []].append((file, layer))
    }

    /// What is found.
    var inventory: Inventory {
        catalog.inventory(of: files.sorted { $0.file.entry.path < $1.file.entry.path }, history: history)
    }

    private func keep(_ path: String, _ bytes: [UInt8], mode: UInt32) -> KeptFile? {
        let entry = LayerEntry(path: path, kind: .file, sizeInBytes: Int64(bytes.count), mode: mode)
        switch catalog.interest(in: entry) {
        case .none: return nil
        case .whole(let limit):
            let fits = bytes.count <= limit
            return KeptFile(entry: entry, content: fits ? .bytes(bytes) : .unreadable(UnreadableFile("too large")))
        case .streamed(var reader):
            for start in stride(from: 0, to: bytes.count, by: chunkInBytes) {
                bytes[start..<min(start + chunkInBytes, bytes.count)].withUnsafeBytes { reader.read($0) }
            }
            do throws(UnreadableFile) {
                return try reader.finish().map { KeptFile(entry: entry, content: .reading($0)) }
            } catch {
                return KeptFile(entry: entry, content: .unreadable(error))
            }
        }
    }
}

/// The inventory of an image with one file.
func inventory(of path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, chunkInBytes: Int = 65536) -> Inventory {
    var image = ImageFiles()
    image.chunkInBytes = chunkInBytes
    image.add(path, bytes, mode: mode)
    return image.inventory
}

/// The inventory of an image with one file.
func inventory(of path: String, _ text: String, mode: UInt32 = 0o644) -> Inventory {
    inventory(of: path, Array(text.utf8), mode: mode)
}

extension Inventory {
    /// `name version` of each package, with its namespace.
    var lines: [String] { packages.map { "\($0.fullName) \($0.version)" } }
}
