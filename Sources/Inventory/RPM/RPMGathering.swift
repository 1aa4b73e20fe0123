import Layers

/// The packages of a database while its headers are read.
struct RPMGathering {
    /// What a header is: a package, nothing that is told (a key), or damaged.
    typealias Header = Result<RPMPackage?, UnreadableFile>

    private(set) var reading = FileReading()
    private var files = CatalogLimits.filesPerDatabase

    /// Reads a header.
    static func read(_ blob: ByteView) -> Header {
        do throws(UnreadableFile) {
            return .success(try RPMPackage(RPMHeader(blob)))
        } catch {
            return .failure(error)
        }
    }

    /// Takes a header that was read.
    mutating func add(_ header: Header) throws(UnreadableFile) {
        switch header {
        case .failure(let error): reading.note(error.reason)
        case .success(nil): break
        case .success(let package?):
            let room = files
            files -= package.fileCount
            guard files >= 0 else {
                files = 0
                if room > 0 { reading.note("more than \(CatalogLimits.filesPerDatabase) files of packages") }
                return try package.add(to: &reading, withFiles: false)
            }
            try package.add(to: &reading)
        }
    }
}
