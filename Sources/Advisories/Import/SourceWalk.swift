import Foundation

/// The files below a directory, in the order of their names. Links are not followed.
struct SourceWalk {
    private var pending: [(path: String, depth: Int)]
    private let limits: AdvisoryImportLimits
    private var files = 0

    init(_ directory: String, limits: AdvisoryImportLimits) {
        pending = [(directory, 0)]
        self.limits = limits
    }

    /// The path of the next file; nil when there is none left.
    mutating func next() throws(AdvisoryError) -> String? {
        while let (path, depth) = pending.popLast() {
            guard SourceWalk.isDirectory(path) else {
                files += 1
                guard files <= limits.entries else {
                    throw AdvisoryError(.limitExceeded, "there are more than \(limits.entries) files")
                }
                return path
            }
            guard depth <= limits.depth else {
                throw AdvisoryError(.limitExceeded, "\(path) lies more than \(limits.depth) folders deep")
            }
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: path)
            } catch {
                throw AdvisoryError(.unreadableSource, "\(path) cannot be read: \(error.localizedDescription)")
            }
            // The last one is taken first.
            for name in names.sorted(by: >) {
                let child = "\(path)/\(name)"
                if !SourceWalk.isLink(child) { pending.append((child, depth + 1)) }
            }
        }
        return nil
    }

    /// Whether `path` is a directory, or a link to one.
    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private static func isLink(_ path: String) -> Bool {
        // Asks whether it is one; "no" is an answer, and what cannot be looked at fails when it is read.
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }
}
