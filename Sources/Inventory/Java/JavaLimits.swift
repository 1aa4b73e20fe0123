/// Bounds of what is opened inside of an archive, each with its reason.
enum JavaLimits {
    /// An archive's directory stands at its end, and places before it are asked for then. Fat ones have 150 MB.
    static let archiveInBytes = 256 << 20
    /// Of larger archives only what tells something is held (``JavaSieve``); several layers may have one at once.
    static let siftedFromInBytes = 2 << 20
    /// What is held of one file all the same: its directory above all, 25 MB in a fat jar of 200,000 entries.
    static let heldInBytes = 48 << 20
    /// The same of an archive in it, which is let go before the next.
    static let heldOfInnerInBytes = 24 << 20
    /// An ear holds wars, a war holds jars, a jar may hold another: deeper ones are made to be deep.
    static let nesting = 4
    /// What a jar inside that is stored compressed may expand to.
    static let nestedArchiveInBytes = 96 << 20
    /// All that is expanded from one file: more is a bomb.
    static let expandedInBytes = 512 << 20
    /// The directories of the largest jars have some 60,000 entries, fat ones with all that is inside 200,000.
    static let entries = 500_000
    /// A fat jar has some hundred jars.
    static let nestedArchives = 5_000
    /// Manifests with digests of every class reach some megabytes; what is wanted stands at the beginning.
    static let manifestInBytes = 8 << 20
    /// Six lines.
    static let propertiesInBytes = 64 << 10
    /// Texts of all packages in one file; 1,000 libraries have some 100 kB.
    static let toldInBytes = 8 << 20
    /// Problems of all archives in one file while it is read; of these, ``CatalogLimits/problemsPerFile`` are told.
    static let problems = 1_000
}
