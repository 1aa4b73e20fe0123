public import Foundation
public import Registries
public import Tenancy

/// What is kept of a credential's probes: the last outcome, and when the next one is due.
public struct StoredVerification: Sendable, Equatable {
    /// The version of the secret that was probed; 0 before the first probe.
    public var version: Int64
    /// The last outcome, whole; nil before the first.
    public var outcome: Verification?
    /// The token service that the secret may be sent to, pinned at the first good probe.
    public var pinnedRealm: String?
    /// How many probes in a row did not end well.
    public var failures: Int
    /// When the next probe is due.
    public var nextCheckAt: Date

    /// What is kept.
    public init(
        version: Int64,
        outcome: Verification?,
        pinnedRealm: String?,
        failures: Int,
        nextCheckAt: Date
    ) {
        self.version = version
        self.outcome = outcome
        self.pinnedRealm = pinnedRealm
        self.failures = failures
        self.nextCheckAt = nextCheckAt
    }
}

/// One probe of the past.
public struct VerificationEvent: Sendable, Equatable {
    /// Why a credential was probed.
    public enum Reason: String, Sendable, CaseIterable {
        /// It was stored or rotated.
        case change
        /// Somebody asked.
        case demand
        /// It was time.
        case schedule
    }

    /// The version of the secret.
    public var version: Int64
    /// What it came to.
    public var state: Verification.State
    /// Why it was made.
    public var reason: Reason
    /// The code of the first step that failed.
    public var code: String?
    /// One line for people.
    public var advice: String?
    /// When it began.
    public var checkedAt: Date

    /// A probe of the past.
    public init(
        version: Int64,
        state: Verification.State,
        reason: Reason,
        code: String?,
        advice: String?,
        checkedAt: Date
    ) {
        self.version = version
        self.state = state
        self.reason = reason
        self.code = code
        self.advice = advice
        self.checkedAt = checkedAt
    }
}

/// A credential whose probe is due, held for one prober.
public struct VerificationClaim: Sendable, Equatable {
    /// The credential.
    public let credential: CredentialID
    /// Its organization.
    public let organization: OrganizationID
    /// Why the probe is due: a version that was never probed is a change.
    public let reason: VerificationEvent.Reason

    /// A claim.
    public init(credential: CredentialID, organization: OrganizationID, reason: VerificationEvent.Reason) {
        self.credential = credential
        self.organization = organization
        self.reason = reason
    }
}

/// What a probe leaves behind.
public struct VerificationRecord: Sendable {
    /// The credential that was probed.
    public let credential: CredentialID
    /// The version of its secret that was probed.
    public let version: Int64
    /// What it came to, cleaned.
    public let outcome: Verification
    /// Why it was made.
    public let reason: VerificationEvent.Reason
    /// The token service to pin from now on; nil leaves what is pinned.
    public let realmToPin: String?
    /// How many probes in a row did not end well, this one included.
    public let failures: Int
    /// When the next one is due.
    public let nextCheckAt: Date

    /// A record.
    public init(
        credential: CredentialID,
        version: Int64,
        outcome: Verification,
        reason: VerificationEvent.Reason,
        realmToPin: String?,
        failures: Int,
        nextCheckAt: Date
    ) {
        self.credential = credential
        self.version = version
        self.outcome = outcome
        self.reason = reason
        self.realmToPin = realmToPin
        self.failures = failures
        self.nextCheckAt = nextCheckAt
    }
}
