/// What no file of the program has. Source: house.md, sections 2, 5 and 11.
enum StyleRules {
    /// Longer files are more than one thing.
    static let lineLimit = 350

    /// Names that say nothing: what two targets need is a concept with a name.
    static let emptyNames = ["Common", "Core", "Shared", "Utils", "Util", "Utilities", "Helper", "Helpers", "Manager"]

    /// What ends the process, or writes past the log. The executable prints: that is its work.
    static let forbidden = ["try!", "as!", "fatalError(", "print(", "preconditionFailure(", "NSLog("]
    private static let allowedInExecutable: Set<String> = ["print("]

    /// What is wrong with `file`.
    static func violations(in file: SourceFile) -> [String] {
        var found: [String] = []
        if file.lines.count > lineLimit { found.append("\(file.path) has \(file.lines.count) lines") }
        for part in file.path.split(separator: "/").flatMap({ $0.split { $0 == "." || $0 == "+" } })
        where isEmpty(name: String(part)) {
            found.append("\(file.path): the name \(part) says nothing")
        }
        for (number, line) in file.code {
            for word in forbidden where contains(word, in: line) {
                if file.target == "pratique", allowedInExecutable.contains(word) { continue }
                found.append("\(file.path):\(number): \(word)")
            }
            if let name = declaredType(in: line), isEmpty(name: name) {
                found.append("\(file.path):\(number): the name \(name) says nothing")
            }
        }
        return found
    }

    private static func isEmpty(name: String) -> Bool {
        emptyNames.contains { name == $0 || name.hasSuffix($0) }
    }

    /// Whether `word` stands in `line` and is not the end of a longer word, as in `debugPrint(` or `blueprint(`.
    private static func contains(_ word: String, in line: String) -> Bool {
        line.ranges(of: word).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    private static func declaredType(in line: String) -> String? {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let keywords: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        guard let index = words.firstIndex(where: { keywords.contains($0) }), index + 1 < words.count else {
            return nil
        }
        return String(words[index + 1])
    }
}
