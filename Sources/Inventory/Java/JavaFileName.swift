/// What the name of an archive says: `log4j-core-2.14.1.jar` is `log4j-core` in version `2.14.1`.
struct JavaFileName: Sendable {
    /// Without version and extension.
    let artifact: String
    /// Nil when the name has none.
    let version: String?
    /// In lower case.
    let fileExtension: String

    /// From a file's name, without directories.
    init(_ name: String) {
        let dot = name.lastIndex(of: ".")
        let base = dot.map { name[..<$0] } ?? name[...]
        fileExtension = dot.map { name[name.index(after: $0)...].lowercased() } ?? ""
        // A version begins with the first digit that follows a dash.
        var cut: Substring.Index?
        var previous: Character?
        for index in base.indices {
            if previous == "-", base[index].isASCII, base[index].isNumber {
                cut = index
                break
            }
            previous = base[index]
        }
        artifact = String(cut.map { base[..<base.index(before: $0)] } ?? base)
        version = cut.map { String(base[$0...]) }
    }
}
