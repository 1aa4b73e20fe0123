/// How much of one record is read. A record beyond a limit is damaged: a part of it would hide what it says.
enum OSVLimits {
    /// Of one record. The largest of osv.dev's (kernel notices) have about 10 MB.
    static let recordInBytes = 32 << 20
    /// Entries of `affected`. Red Hat's largest have some 10,000.
    static let affected = 100_000
    /// Ranges of one entry.
    static let ranges = 10_000
    /// Events of one range.
    static let events = 10_000
    /// Versions of one entry. Some packages have 10,000 releases.
    static let versions = 200_000
    /// Ids in each of `aliases`, `upstream` and `related`. A kernel notice has some 1,000.
    static let identifiers = 20_000
    /// Of an id or a package's name, in bytes.
    static let nameInBytes = 1_024
    /// References are for reading: the rest is left out.
    static let references = 40
    /// CWEs are for reading: the rest is left out.
    static let cwes = 20
    /// Of the summary, in bytes; more is cut.
    static let summaryInBytes = 400
    /// How many characters of the details are searched for a line to stand in for a missing summary.
    static let searchedDetails = 2_000
    /// Of a reference's URL, in bytes; longer ones are left out.
    static let urlInBytes = 2_048
}
