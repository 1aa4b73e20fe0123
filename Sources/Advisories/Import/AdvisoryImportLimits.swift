/// How much an import reads. Breaking a limit of a file or a record leaves that one out; breaking one of an archive or of the whole ends
/// the import, and the snapshot stays as it was.
public struct AdvisoryImportLimits: Sendable, Hashable {
    /// Of one file, or one entry of an archive, in bytes. The EPSS scores of a day have 12 MB.
    public var fileInBytes = 64 << 20
    /// Files of a directory, or entries of an archive. npm's archive has some 250,000.
    public var entries = 2_000_000
    /// Folders below a directory.
    public var depth = 16
    /// What one archive may unpack to, in bytes. Ubuntu's is the largest with some 10 GB.
    public var archiveInBytes: Int64 = 64 << 30
    /// What one archive may unpack to for each byte that it has. JSON packs to a tenth, at the very best to a fiftieth.
    public var ratio: Int64 = 200
    /// Archives that unpack to less are let through whatever their ratio, in bytes.
    public var ratioFreeInBytes: Int64 = 64 << 20
    /// Of a stream, in bytes: it is kept beside the snapshot while it is read, because a zip file's table is at its end.
    public var streamInBytes: Int64 = 4 << 30
    /// Files that are listed with what is wrong with them. The rest is counted only.
    public var listedDamage = 100

    /// The limits as they are.
    public init() {}
}
