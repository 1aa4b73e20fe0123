import Foundation
import Testing

/// A Swift file of this repository.
struct SourceFile: Sendable, CustomTestStringConvertible {
    /// The path below the repository's root: `Sources/Sealing/Secret.swift`.
    let path: String
    /// The lines.
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.lines = lines.last == "" ? lines.dropLast() : lines
    }

    var testDescription: String { path }

    /// The name of the target: the folder below `Sources`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The name without folders and suffix.
    var name: String { path.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? "" }

    /// The lines without comments and without what stands in string literals, each with its number.
    var code: [(number: Int, text: String)] {
        var isInText = false
        return lines.enumerated().compactMap { index, line in
            let fences = line.components(separatedBy: #"""""#).count - 1
            defer { if fences % 2 == 1 { isInText.toggle() } }
            return isInText ? nil : (index + 1, SourceFile.withoutTextAndComments(line))
        }
    }

    private static func withoutTextAndComments(_ line: String) -> String {
        var result = ""
        var isInString = false
        var previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" {
                isInString.toggle()
            } else if !isInString {
                if character == "/", previous == "/" { return String(result.dropLast()) }
                result.append(character)
            }
            previous = character == "\\" && previous == "\\" ? " " : character
        }
        return result
    }
}

/// The files below one folder of this repository.
enum SourceTree {
    static let sources = files(below: "Sources")

    static func files(below folder: String) -> [SourceFile] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let paths =
            FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)?
            .compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            guard let text = try? String(contentsOf: root.appendingPathComponent("\(folder)/\(path)"), encoding: .utf8)
            else {
                return nil
            }
            return SourceFile(path: "\(folder)/\(path)", text: text)
        }
    }
}
