public import Registries
public import Tenancy

/// How an organization's credentials are, in true totals.
public struct CredentialHealth: Sendable, Equatable {
    /// What can be wrong with a credential; one credential may have several.
    public enum Trouble: String, Sendable, CaseIterable {
        /// The last probe found it rejected, insufficient or unreachable.
        case broken
        /// It holds more rights than are needed.
        case tooStrong
        /// Its end is past.
        case expired
        /// Its end lies within the next 30 days.
        case expiring
        /// It was not used for 90 days.
        case unused
    }

    /// All credentials.
    public var total: Int
    /// How many are in which state; every state has its number.
    public var byState: [Verification.State: Int]
    /// How many have which trouble.
    public var byTrouble: [Trouble: Int]
    /// How many end within so many days, for each of ``expiryDays``; each number counts those of the smaller ones.
    public var expiringWithin: [Int: Int]

    /// Days of ``expiringWithin``. Source: issue 3, "expiring in 1, 7, 14, 30 days".
    public static let expiryDays = [1, 7, 14, 30]
    /// Days without use. Source: issue 3, "unused for 90".
    public static let unusedDays = 90
}

/// A project that loses something: it may use credentials that are broken or expired.
public struct AffectedProject: Sendable, Equatable {
    /// The project.
    public let project: ProjectID
    /// Its name.
    public let name: String
    /// How many of its credentials are broken or expired.
    public let total: Int
    /// Some of them, oldest first.
    public let credentials: [CredentialID]
}
