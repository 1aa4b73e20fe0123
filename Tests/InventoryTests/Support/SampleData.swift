import Foundation

/// The samples beside the repository; a test that needs them says so and passes where they are missing.
enum SampleData {
    /// `shared/data/inventory`; nil where it is not.
    static let inventory: URL? = {
        let folder = repository.deletingLastPathComponent().appending(path: "shared/data/inventory")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// The root of the repository.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every file below `folder`, its path relative to it.
    static func files(below folder: URL) throws -> [(path: String, bytes: [UInt8])] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        return try paths.compactMap { path in
            var isDirectory: ObjCBool = false
            let url = folder.appending(path: path)
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), !isDirectory.boolValue
            else { return nil }
            return (path, Array(try Data(contentsOf: url)))
        }
    }
}
