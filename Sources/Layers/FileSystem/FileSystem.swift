/// The final file system of an image, as far as its files were wanted: layers put on each other from the bottom to the top.
///
/// What an upper layer does to those below is what containerd and umoci do when they unpack it, in the order of its archive: a whiteout
/// and an opaque marker hide what lower layers have; an entry replaces what was at its path, a directory in place of a directory
/// excepted; the directories above an entry are reached through symbolic links, never out of the root.
/// Source: OCI image specification 1.1, layer.md, "Applying Changesets".
public struct FileSystem: Sendable {
    /// A file of the final file system.
    public struct File: Sendable {
        /// Where it is, no symbolic link in it.
        public let path: String
        /// The layer that brought it, 0 at the bottom.
        public let layerIndex: Int
        /// What was kept of it. The path in its entry is the one in the layer's archive, which may go through a symbolic link.
        public let kept: KeptFile
    }

    let limits: LayerLimits
    var tree = FileTree()
    /// Layers that were added.
    public internal(set) var layerCount = 0
    /// Whether all entries of all layers could be put in place. What a layer itself lacks is told by its own completeness.
    public internal(set) var completeness = Completeness.complete

    /// An empty one. Of `limits`, those of the merge are used.
    public init(limits: LayerLimits = LayerLimits()) { self.limits = limits }

    /// Layers from the bottom to the top.
    public init(layers: some Sequence<LayerContents>, limits: LayerLimits = LayerLimits()) {
        self.init(limits: limits)
        for layer in layers { add(layer) }
    }

    /// The file at `path`, all symbolic links followed. Nil when there is none, or none that was kept.
    public func file(at path: String) -> File? {
        node(at: path).flatMap { file($0) }
    }

    /// All files, in the order of the bytes of their paths.
    public func files() -> [File] {
        sorted(tree.nodes.indices.compactMap { file(FileTree.Index($0)) })
    }

    /// All files below a directory, symbolic links on the way to it followed, in the order of the bytes of their paths.
    public func files(below directory: String) -> [File] {
        guard let top = node(at: directory) else { return [] }
        var found: [File] = []
        var rest = [top]
        while let index = rest.popLast() {
            var child = tree[index].firstChild
            while child >= 0 {
                if let file = file(child) { found.append(file) } else { rest.append(child) }
                child = tree[child].next
            }
        }
        return sorted(found)
    }

    private func node(at path: String) -> FileTree.Index? {
        let bytes = Array(path.utf8)
        var steps = 0
        return tree.walk(bytes, end: bytes.count, followsLast: true, steps: &steps).end
    }

    private func file(_ index: FileTree.Index) -> File? {
        let node = tree[index]
        guard node.isUsed, case .file(let place) = node.content, let kept = tree.files[place] else { return nil }
        return File(path: tree.path(of: index), layerIndex: node.layer, kept: kept)
    }

    private func sorted(_ files: [File]) -> [File] {
        files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
