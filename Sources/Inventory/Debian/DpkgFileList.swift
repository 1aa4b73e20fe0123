import Layers

/// Streams the list of a package's files and keeps eight bytes of each path.
///
/// `info/*.list` has a path a line, with a leading slash; `*.md5sums` has a digest, two spaces and a path without one.
struct DpkgFileList: FileReader {
    /// Where the path begins in `md5sum`'s own format.
    static let columnBehindMD5 = 34

    private let owner: String
    private let pathColumn: Int
    private var column = 0
    private var hash = PathHash()
    private var paths: [PathHash] = []

    init(owner: String, pathColumn: Int) {
        self.owner = owner
        self.pathColumn = pathColumn
    }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        for byte in chunk {
            if byte == 0x0A {
                endLine()
            } else {
                let isLeadingSlash = column == pathColumn && byte == UInt8(ascii: "/")
                if column >= pathColumn, !isLeadingSlash { hash.append(byte) }
                column += 1
            }
        }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        endLine()
        guard paths.count <= CatalogLimits.filesPerPackage else {
            throw UnreadableFile("more than \(CatalogLimits.filesPerPackage) files in one list")
        }
        return FileReading(ownership: [OwnedFiles(owner: owner, paths: paths)])
    }

    private mutating func endLine() {
        if column > pathColumn, paths.count <= CatalogLimits.filesPerPackage { paths.append(hash) }
        hash = PathHash()
        column = 0
    }
}
