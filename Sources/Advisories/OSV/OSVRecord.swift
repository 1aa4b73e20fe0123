/// One OSV record, as far as matching and telling need it. Source: OSV schema 1.7.5.
struct OSVRecord: Sendable, Equatable {
    struct SeverityEntry: Sendable, Equatable {
        /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, `Ubuntu`.
        var type: String
        /// A vector, or a word.
        var score: String
    }

    struct Event: Sendable, Equatable {
        /// The raw value is the order of events at equal versions: `fixed` before `introduced`, so that what is fixed and introduced
        /// at once is affected there; `last_affected` behind `introduced`, so that both at once affect that version alone.
        enum Kind: UInt8, Sendable { case fixed = 0, introduced, lastAffected, limit }
        var kind: Kind
        var version: String
    }

    struct Range: Sendable, Equatable {
        /// `SEMVER`, `ECOSYSTEM`, `GIT`.
        var type: String
        var events: [Event] = []
    }

    struct CVESeverity: Sendable, Equatable {
        var id: String
        var severity: [SeverityEntry] = []
    }

    struct Affected: Sendable, Equatable {
        /// nil when the entry has no package, or one without a name or an ecosystem.
        var package: AffectedPackage?
        var ranges: [Range] = []
        var versions: [String] = []
        var severity: [SeverityEntry] = []
        /// Debian's, or a word of severity from `ecosystem_specific` or `database_specific`.
        var urgency: String?
        var word: String?
        /// RustSec: `unmaintained`, `unsound`, `notice`.
        var informational: String?
        /// Ubuntu's `cves_map`: which CVEs a notice is about in this release.
        var cves: [CVESeverity] = []
    }

    struct AffectedPackage: Sendable, Hashable {
        var ecosystem: String
        var name: String
    }

    var id = ""
    var modified = AdvisoryDate(microseconds: 0)
    var published: AdvisoryDate?
    var isWithdrawn = false
    /// The summary, or what the details begin with; empty when there is neither.
    var summary = ""
    var aliases: [String] = []
    var upstream: [String] = []
    var related: [String] = []
    var severity: [SeverityEntry] = []
    /// `database_specific.severity`.
    var word: String?
    var cwes: [String] = []
    var affected: [Affected] = []
    var references: [Advisory.Reference] = []
}
