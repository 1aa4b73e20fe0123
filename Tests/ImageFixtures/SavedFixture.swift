import OCI

/// An archive as `docker save` writes it, in the forms that its versions have.
package struct SavedFixture {
    /// How layers are kept in the archive.
    package enum Style: CaseIterable {
        /// A folder for each layer with `layer.tar` in it: Docker before 25.
        case folders
        /// As `folders`, equal layers linked to the first: Docker before 25, and Podman.
        case linked
        /// An OCI layout beside the list: Docker 25 and later.
        case blobs
    }

    package var style = Style.folders
    private var tar = TarFixture()
    private var entries: [String] = []
    private var written: [String: String] = [:]

    package init(style: Style = .folders, format: TarFixture.Format = .pax) {
        self.style = style
        tar.format = format
    }

    /// Adds an image; its layers are stored as archives, or as its blobs are when `compressed`.
    package mutating func add(_ image: ImageFixture, tags: [String], compressed: Bool = false) {
        let configuration = ImageFixture.digest(image.configuration).hexadecimal
        let configurationPath = style == .blobs ? "blobs/sha256/\(configuration)" : "\(configuration).json"
        var paths: [String] = []
        for (index, layer) in image.layers.enumerated() {
            let content = compressed ? layer.blob : layer.archive
            let name = ImageFixture.digest(content).hexadecimal
            let path = style == .blobs ? "blobs/sha256/\(name)" : "\(index)\(name.dropFirst())/layer.tar"
            paths.append(path)
            if style == .linked, let first = written[name] {
                tar.directory(String(path.dropLast("/layer.tar".count)))
                tar.symbolicLink(path, to: "../\(first)")
            } else if written[name] == nil || style == .folders {
                tar.file(Array(path.utf8), content)
                written[name] = path
            }
        }
        tar.file(Array(configurationPath.utf8), image.configuration)
        let list = { (texts: [String]) in texts.map { "\"\($0)\"" }.joined(separator: ",") }
        let names = tags.isEmpty ? "null" : "[\(list(tags))]"
        entries.append("{\"Config\":\"\(configurationPath)\",\"RepoTags\":\(names),\"Layers\":[\(list(paths))]}")
    }

    /// The archive.
    package func bytes() -> [UInt8] { bytes { _ in } }

    /// The archive, with what `body` adds before its end.
    package func bytes(_ body: (inout TarFixture) -> Void) -> [UInt8] {
        var tar = tar
        tar.file("manifest.json", "[\(entries.joined(separator: ","))]")
        body(&tar)
        tar.end()
        return tar.bytes
    }
}
