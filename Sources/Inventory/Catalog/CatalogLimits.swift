/// Bounds of what is read from one file, each with its reason. What breaks one is unreadable and named in the report.
enum CatalogLimits {
    /// dpkg's status and apk's database: an installed desktop's is 10 MB, a fat image's 2 MB. They are never held whole.
    static let databaseInBytes = 256 << 20
    /// One package of those: with all its files, apk's largest has 2 MB.
    static let stanzaInBytes = 16 << 20
    /// An rpm database with the file lists of 3,000 packages; those of images have 5 to 100 MB.
    static let rpmDatabaseInBytes = 256 << 20
    /// One control file of a distroless image, one manifest (`package.json`, a gemspec): real ones stay below 200 kB.
    static let manifestInBytes = 4 << 20
    /// `os-release` and its like are some hundred bytes.
    static let releaseInBytes = 64 << 10
    /// The head of Python metadata; the long description behind it may be cut.
    static let metadataHeadInBytes = 256 << 10
    /// Lock files, `installed.json`, `deps.json`: monorepos reach 20 MB.
    static let lockFileInBytes = 64 << 20
    /// A machine with everything has 10,000; more from one file is an attack on memory.
    static let packagesPerFile = 100_000
    /// The largest packages (texlive, kernel headers) have some 20,000.
    static let filesPerPackage = 200_000
    /// Files of all packages of one database, eight bytes each; the largest systems have a million.
    static let filesPerDatabase = 2_000_000
    /// Names, versions and licenses; longer ones are no names.
    static let wordInBytes = 4096
    /// How many problems of one file are told; the first ones say it all.
    static let problemsPerFile = 20
}
