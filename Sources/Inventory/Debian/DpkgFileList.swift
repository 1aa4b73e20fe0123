import Layers

/// Streams the list of a package's files and keeps eight bytes of each path.
///
/// `info/*.list` has a path a line, with a leading slash; `*.md5sums` has a digest, two spaces and a path without one.
struct DpkgFileList: FileReader {
    /// Where the path begins in `md5sum`'s own format.
    static let columnBehindMD5 = 34

    /// The lists of the largest packages (texlive, linux headers) have some 20,000 lines.
    private static let pathLimit = 200_000

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
        guard paths.count <= DpkgFileList.pathLimit else {
            throw UnreadableFile("more than \(DpkgFileList.pathLimit) files in one list")
        }
        return FileReading(ownership: [OwnedFiles(owner: owner, paths: paths)])
    }

    private mutating func endLine() {
        if column > pathColumn, paths.count <= DpkgFileList.pathLimit { paths.append(hash) }
        hash = PathHash()
        column = 0
    }
}
