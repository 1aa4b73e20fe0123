extension FileSystem {
    /// What was found of the directory of the last entry: the next is mostly in the same.
    private struct Parent {
        var path: ArraySlice<UInt8> = []
        var node: FileTree.Index?
        var additions = -1
        var removals = -1

        /// Whether it holds for `directory` in `tree` as it is now.
        func holds(for directory: ArraySlice<UInt8>, in tree: FileTree) -> Bool {
            guard removals == tree.removals, node != nil || additions == tree.additions else { return false }
            return path == directory
        }
    }

    /// Puts a layer on top.
    public mutating func add(_ layer: LayerContents) {
        let index = layerCount
        layerCount += 1
        var cursor = EntryLog.Cursor(layer.log)
        var parent = Parent()
        var steps = 0
        while cursor.next() {
            apply(cursor, of: layer, index: index, parent: &parent, steps: &steps)
            if steps > limits.mergeSteps { return miss(.limit(.mergeSteps)) }
            if tree.count > limits.treeNodes { return miss(.limit(.treeNodes)) }
        }
    }

    private mutating func miss(_ reason: LayerIncompleteness) {
        if completeness == .complete { completeness = .incomplete(reason) }
    }

    private mutating func apply(
        _ entry: EntryLog.Cursor,
        of layer: LayerContents,
        index: Int,
        parent: inout Parent,
        steps: inout Int
    ) {
        let path = entry.path
        if entry.kind == .opaqueDirectory {
            if let directory = tree.walk(path, end: path.count, followsLast: true, steps: &steps).end {
                tree.clear(below: directory, layer: index)
            }
            return
        }
        let nameStart = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let creates = Self.createsNode(entry.kind)
        if !parent.holds(for: path[..<nameStart], in: tree) || (creates && parent.node == nil) {
            let found = reach(path, end: nameStart, creating: creates, layer: index, steps: &steps)
            parent = Parent(
                path: path[..<nameStart],
                node: found,
                additions: tree.additions,
                removals: tree.removals
            )
        }
        guard let directory = parent.node else { return }
        let name = String(decoding: path[nameStart...], as: UTF8.self)
        if let present = tree.child(of: directory, named: name) {
            switch entry.kind {
            case .whiteout: return whiteOut(present, layer: index)
            case .directory where tree[present].isDirectory: return
            // A hard link to itself, as some writers have it, changes nothing.
            case .hardLink where layer.links[entry.index].target == path: return
            default: tree.remove(present)
            }
        }
        switch entry.kind {
        case .kept: tree.add(layer.kept[entry.index], named: name, to: directory, layer: index)
        case .dismissed: _ = tree.add(.dismissed, named: name, to: directory, layer: index)
        case .symbolicLink: _ = tree.add(.symbolicLink(target: entry.target), named: name, to: directory, layer: index)
        case .hardLink: addLink(layer.links[entry.index], named: name, to: directory, layer: index, steps: &steps)
        case .other, .directory, .whiteout, .opaqueDirectory: break
        }
    }

    private static func createsNode(_ kind: EntryLog.Kind) -> Bool {
        switch kind {
        case .kept, .dismissed, .symbolicLink, .hardLink: true
        case .other, .directory, .whiteout, .opaqueDirectory: false
        }
    }

    /// The directory that the first `end` bytes of `path` lead to. Nil when it is not in the tree and need not be.
    private mutating func reach(
        _ path: [UInt8],
        end: Int,
        creating: Bool,
        layer: Int,
        steps: inout Int
    ) -> FileTree.Index? {
        let walk = tree.walk(path, end: end, followsLast: true, steps: &steps)
        if walk.isLoop {
            if creating { miss(.damagedArchive("a path through a loop of symbolic links")) }
            return nil
        }
        // Something is below what was a file: it is a directory now.
        if let blocked = walk.blocked { tree.remove(blocked) }
        if walk.missing.isEmpty {
            guard !tree[walk.node].isDirectory else { return walk.node }
            let file = tree[walk.node]
            tree.remove(walk.node)
            return creating ? tree.add(.directory, named: file.name, to: file.parent, layer: layer) : nil
        }
        guard creating else { return nil }
        var node = walk.node
        for name in walk.missing { node = tree.add(.directory, named: name, to: node, layer: layer) }
        steps += walk.missing.count
        return node
    }

    private mutating func whiteOut(_ index: FileTree.Index, layer: Int) {
        if tree[index].isDirectory {
            tree.clear(below: index, layer: layer)
            if tree[index].firstChild < 0 { tree.remove(index) }
        } else if tree[index].layer < layer {
            tree.remove(index)
        }
    }

    /// A hard link has what its target has; the target itself is not followed when it is a symbolic link, as link(2) has it.
    private mutating func addLink(
        _ link: LayerContents.HardLink,
        named name: String,
        to directory: FileTree.Index,
        layer: Int,
        steps: inout Int
    ) {
        let content: KeptFile.Content
        switch tree.walk(link.target, end: link.target.count, followsLast: false, steps: &steps).end.map({
            tree[$0].content
        }) {
        case .file(let place)?:
            guard let original = tree.files[place] else { return }
            guard let wanted = original.content.asWanted(link.interest) else {
                _ = tree.add(.dismissed, named: name, to: directory, layer: layer)
                return
            }
            content = wanted
        case .dismissed?:
            _ = tree.add(.dismissed, named: name, to: directory, layer: layer)
            return
        case .symbolicLink(let target)?:
            _ = tree.add(.symbolicLink(target: target), named: name, to: directory, layer: layer)
            return
        case .directory?, nil:
            content = .unreadable(UnreadableFile("a hard link to a file whose bytes were not kept"))
        }
        tree.add(KeptFile(entry: link.entry, content: content), named: name, to: directory, layer: layer)
    }
}
