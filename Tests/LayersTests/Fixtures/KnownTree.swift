import ImageFixtures

/// Makes layers at random that an unpacker can follow: no file below a file, no hard link to nothing.
struct KnownTree {
    private enum Kind { case file, directory, link }

    /// Whether entries go through symbolic links too. Where those lead is not followed here, so that an unpacker may refuse a layer.
    var goesThroughLinks = false
    private var kinds: [String: Kind] = [:]
    private static let names = ["a", "b", "c"]

    mutating func layer(_ number: Int, using random: inout SeededRandom) -> [UInt8] {
        var added: Set<String> = []
        return TarFixture.archive { tar in
            for step in 0..<Int.random(in: 4...14, using: &random) {
                let path = (0..<Int.random(in: 1...3, using: &random))
                    .map { _ in Self.names.randomElement(using: &random) ?? "a" }.joined(separator: "/")
                change(path, step: "\(number).\(step)", tar: &tar, added: &added, random: &random)
            }
        }
    }

    private mutating func change(
        _ path: String,
        step: String,
        tar: inout TarFixture,
        added: inout Set<String>,
        random: inout SeededRandom
    ) {
        guard isReachable(path), !added.contains(path) else { return }
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3:
            tar.file(path, step)
            replace(path, by: .file)
        case 4:
            tar.directory(path)
            if kinds[path] != .directory { replace(path, by: .directory) }
        case 5:
            tar.symbolicLink(path, to: ["a", "../b", "/c", "/a/b"].randomElement(using: &random) ?? "a")
            replace(path, by: .link)
        case 6:
            let files = kinds.filter { $0.value == .file && $0.key != path && !$0.key.hasPrefix(path + "/") }.keys
                .sorted()
            guard let target = files.randomElement(using: &random) else { return }
            tar.hardLink(path, to: target)
            replace(path, by: .file)
        case 7, 8:
            // Of what this layer itself has put there, nothing would go, and what is left is hard to follow here.
            guard kinds[path] != nil, !added.contains(where: { $0.hasPrefix(path + "/") }) else { return }
            tar.whiteout(path)
            remove(path)
        default:
            guard kinds[path] == .directory, !added.contains(where: { $0.hasPrefix(path + "/") }) else { return }
            tar.opaque(path)
            for key in kinds.keys where key.hasPrefix(path + "/") { kinds[key] = nil }
        }
        added.insert(path)
    }

    /// Whether all that is above is a directory, or nothing yet.
    private func isReachable(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return (1..<max(1, parts.count)).allSatisfy { count in
            let kind = kinds[parts.prefix(count).joined(separator: "/")]
            return kind == nil || kind == .directory || goesThroughLinks && kind == .link
        }
    }

    private mutating func replace(_ path: String, by kind: Kind) {
        remove(path)
        let parts = path.split(separator: "/")
        for count in 1..<max(1, parts.count) {
            let parent = parts.prefix(count).joined(separator: "/")
            if kinds[parent] != .link { kinds[parent] = .directory }
        }
        kinds[path] = kind
    }

    private mutating func remove(_ path: String) {
        kinds[path] = nil
        for key in kinds.keys where key.hasPrefix(path + "/") { kinds[key] = nil }
    }
}
