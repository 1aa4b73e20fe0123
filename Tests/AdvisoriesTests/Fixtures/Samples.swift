import Foundation

/// Files of real data beside the repository; tests that read them pass where there are none.
enum Samples {
    /// Beside the repository, which is four folders above this one.
    private static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("shared/data")
    }()

    /// The path of `path` below the data; nil where it is not.
    static func path(_ path: String) -> String? {
        let url = root.appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: url.path) ? url.path : nil
    }

    /// The lines of a text file that say something; none where it is not.
    static func lines(_ path: String) -> [String] {
        guard let path = self.path(path), let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#") && !$0.hasPrefix("//")
        }
    }
}
