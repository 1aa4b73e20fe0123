import Layers

/// dpkg: `var/lib/dpkg/status`, the control files that distroless images have in `status.d`, and the file lists.
///
/// Source: dpkg(1), deb-control(5); distroless, "Package metadata".
struct DebianCataloguer: Cataloguer {
    let clues: [Clue] = [.name("status"), .parent("status.d"), .fileExtension(".list")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        if isDatabase(entry.path) {
            return StanzaReader(DpkgStatus(statusIsRequired: true), limit: CatalogLimits.databaseInBytes)
        }
        if let name = entry.path.suffix(after: "var/lib/dpkg/status.d/") { return reader(ofControlFile: name, entry) }
        if let name = entry.path.suffix(after: "var/lib/dpkg/info/"), name.hasSuffix(".list") {
            let package = name.dropLast(5)
            return DpkgFileList(owner: String(package.prefix { $0 != ":" }), pathColumn: 0)
        }
        return nil
    }

    func isDatabase(_ path: String) -> Bool { path == "var/lib/dpkg/status" }

    private func reader(ofControlFile name: Substring, _ entry: LayerEntry) -> (any FileReader)? {
        guard !name.contains("/") else { return nil }
        if name.hasSuffix(".md5sums") {
            return DpkgFileList(owner: String(name.dropLast(8)), pathColumn: DpkgFileList.columnBehindMD5)
        }
        return StanzaReader(DpkgStatus(statusIsRequired: false), limit: CatalogLimits.manifestInBytes)
    }
}

extension String {
    /// What stands behind `prefix`; nil when the text begins otherwise.
    func suffix(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
