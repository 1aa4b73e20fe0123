public import Layers

extension Inventory {
    /// Puts the inventory into a compact form.
    public func store(in writer: inout StoredWriter) {
        writer.write(release != nil)
        release?.store(in: &writer)
        writer.write(packages) { writer, package in package.store(in: &writer) }
        writer.write(unreadable) { writer, file in
            writer.write(file.path)
            writer.write(file.reason)
        }
    }

    /// The inventory that was put there. Throws when the bytes are none's.
    public init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        self.init()
        if try reader.flag() { release = try Release(stored: &reader) }
        packages = try reader.elements { reader throws(StoredReader.Damage) in try Package(stored: &reader) }
        unreadable = try reader.elements { reader throws(StoredReader.Damage) in
            Unreadable(path: try reader.text(), reason: try reader.text())
        }
    }
}
