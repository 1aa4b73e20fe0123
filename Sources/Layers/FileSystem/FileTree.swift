/// The part of a file system that matters: kept files, symbolic links, and the directories that lead to them.
///
/// A path that is not in it may exist all the same; it has nothing that could be hidden or found.
struct FileTree: Sendable {
    typealias Index = Int32

    enum Content {
        case directory
        case symbolicLink(target: [UInt8])
        /// Its place in ``files``.
        case file(Int)
        /// A file that was looked at and holds nothing of interest.
        case dismissed
    }

    struct Node {
        var parent: Index
        var name: String
        var content: Content
        /// The layer that brought it.
        var layer: Int
        /// The last layer whose whiteout or opaque marker went through everything below it.
        var clearedBy = -1
        var firstChild: Index = -1
        var next: Index = -1
        var previous: Index = -1
        var isUsed = true

        var isDirectory: Bool {
            if case .directory = content { true } else { false }
        }
    }

    private struct Key: Hashable {
        let parent: Index
        let name: String
    }

    static let root: Index = 0

    private(set) var nodes: [Node] = [Node(parent: 0, name: "", content: .directory, layer: -1)]
    private var places: [Key: Index] = [:]
    private var free: [Index] = []
    private(set) var files: [KeptFile?] = []
    private var freeFiles: [Int] = []
    /// Counts additions, after which what was missing may be there.
    private(set) var additions = 0
    /// Counts removals, after which what was found may be gone.
    private(set) var removals = 0

    subscript(_ index: Index) -> Node { nodes[Int(index)] }

    /// Nodes in use.
    var count: Int { nodes.count - free.count }

    func child(of parent: Index, named name: String) -> Index? { places[Key(parent: parent, name: name)] }

    /// Adds a node that is not there yet.
    mutating func add(_ content: Content, named name: String, to parent: Index, layer: Int) -> Index {
        additions += 1
        let next = nodes[Int(parent)].firstChild
        let node = Node(parent: parent, name: name, content: content, layer: layer, next: next)
        let index: Index
        if let reused = free.popLast() {
            index = reused
            nodes[Int(index)] = node
        } else {
            index = Index(nodes.count)
            nodes.append(node)
        }
        nodes[Int(parent)].firstChild = index
        if next >= 0 { nodes[Int(next)].previous = index }
        places[Key(parent: parent, name: name)] = index
        return index
    }

    /// Adds a file that is not there yet.
    mutating func add(_ file: KeptFile, named name: String, to parent: Index, layer: Int) {
        let place: Int
        if let reused = freeFiles.popLast() {
            place = reused
            files[place] = file
        } else {
            place = files.count
            files.append(file)
        }
        _ = add(.file(place), named: name, to: parent, layer: layer)
    }

    /// Removes a node and everything below it.
    mutating func remove(_ top: Index) {
        guard top != Self.root else { return }
        var rest = [top]
        while let index = rest.popLast() {
            var child = nodes[Int(index)].firstChild
            while child >= 0 {
                rest.append(child)
                child = nodes[Int(child)].next
            }
            if index != top { discard(index) }
        }
        nodes[Int(top)].firstChild = -1
        unlink(top)
        discard(top)
    }

    /// Removes what layers before `layer` brought below `top`, and directories that are empty then.
    mutating func clear(below top: Index, layer: Int) {
        var directories: [Index] = []
        var rest = [top]
        while let index = rest.popLast() {
            // Seen in this layer: all that came since is the layer's own. Without this, many markers on a large directory would take for ever.
            guard nodes[Int(index)].clearedBy != layer else { continue }
            nodes[Int(index)].clearedBy = layer
            if index != top { directories.append(index) }
            var child = nodes[Int(index)].firstChild
            while child >= 0 {
                let next = nodes[Int(child)].next
                if nodes[Int(child)].isDirectory {
                    rest.append(child)
                } else if nodes[Int(child)].layer < layer {
                    remove(child)
                }
                child = next
            }
        }
        for index in directories.reversed() where nodes[Int(index)].firstChild < 0 { remove(index) }
    }

    private mutating func unlink(_ index: Index) {
        let node = nodes[Int(index)]
        if node.previous >= 0 {
            nodes[Int(node.previous)].next = node.next
        } else {
            nodes[Int(node.parent)].firstChild = node.next
        }
        if node.next >= 0 { nodes[Int(node.next)].previous = node.previous }
    }

    private mutating func discard(_ index: Index) {
        removals += 1
        let node = nodes[Int(index)]
        places[Key(parent: node.parent, name: node.name)] = nil
        if case .file(let place) = node.content {
            files[place] = nil
            freeFiles.append(place)
        }
        nodes[Int(index)] = Node(parent: 0, name: "", content: .directory, layer: -1, isUsed: false)
        free.append(index)
    }

    /// The path of a node.
    func path(of index: Index) -> String {
        var names: [String] = []
        var at = index
        while at != Self.root {
            names.append(nodes[Int(at)].name)
            at = nodes[Int(at)].parent
        }
        return names.reversed().joined(separator: "/")
    }
}
