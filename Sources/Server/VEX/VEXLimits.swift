/// What an imported OpenVEX document may hold, each limit with its reason.
enum VEXLimits {
    /// A statement takes about a kilobyte.
    static let bodyInBytes = 1 << 20
    /// As many as fit.
    static let statements = 1_000
    /// Of one statement, and subcomponents of one product.
    static let products = 1_000
    /// A flaw has a handful of ids.
    static let aliases = 50
    /// A name or package URL. The longest that purl-spec shows have some hundreds.
    static let textInBytes = 2_000
    /// Complaints that are told: whoever wrote more has another mistake.
    static let complaints = 100
    /// Comparisons of a finding with a subject; a look at its places costs as much as fifty. About a second in all.
    static let work = 5_000_000
    static let workOfLook = 50
    /// Findings of earlier statements that are held for later ones of the same flaw.
    static let kept = 50_000
    /// Places of findings that are held to tell whether a statement names all of them: tens of megabytes.
    static let places = 100_000
    /// Findings in more places than their statements are about that are told one by one, and places of one: enough to see what is meant.
    static let widened = 1_000
    static let widenedPlaces = 10
    /// Findings that one import decides, in one transaction that others wait for.
    static let decisions = 10_000
}
