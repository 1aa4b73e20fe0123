/// The version that a program's builders linked into it: Go itself knows none of a main module before Go 1.24.
///
/// `-ldflags="-X main.version=v1.2.3"` sets a variable; by custom one is called so. Source: Go, cmd/link.
enum GoLinkerFlags {
    private static let variables: Set<String> = [
        "version", "gitversion", "buildversion", "appversion", "releaseversion",
    ]
    private static let limitInBytes = 64 << 10

    /// Of the `build` lines of `modules`: the first value that is a version with three numbers, with a `v` in front. Nil when
    /// nothing is said, or two values say different things.
    static func version(in modules: ByteView) -> String? {
        guard let line = Lines(modules).first(where: { $0.hasPrefix("build\t-ldflags=") }), line.count <= limitInBytes
        else {
            return nil
        }
        var found: Set<String> = []
        for word in line.text.split(whereSeparator: { $0 == " " || $0 == "\"" || $0 == "'" || $0 == "\\" }) {
            guard let equals = word.firstIndex(of: "="), let dot = word[..<equals].lastIndex(of: ".") else { continue }
            guard variables.contains(word[word.index(after: dot)..<equals].lowercased()) else { continue }
            if let version = version(word[word.index(after: equals)...]) { found.insert(version) }
        }
        return found.count == 1 ? found.first : nil
    }

    private static func version(_ value: Substring) -> String? {
        let bare = value.hasPrefix("v") ? value.dropFirst() : value
        let numbers = bare.prefix { $0.isNumber || $0 == "." }
        let rest = bare[numbers.endIndex...]
        let parts = numbers.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.count <= 9 && $0.allSatisfy(\.isASCII) }),
            rest.isEmpty || rest.hasPrefix("-") || rest.hasPrefix("+")
        else { return nil }
        return "v\(bare)"
    }
}
