public import Foundation
public import Registries

/// What is known of a credential's secret, in a few words: part of every read.
public struct VerificationSummary: Sendable, Equatable {
    /// What the last probe of this version came to; `unverified` before the first.
    public var state: Verification.State
    /// When that was; nil before the first.
    public var checkedAt: Date?
    /// When the secret ends, as the registry or the secret itself tells, else as the user said.
    public var expiry: Verification.Expiry

    /// A summary.
    public init(
        state: Verification.State = .unverified,
        checkedAt: Date? = nil,
        expiry: Verification.Expiry = Verification.Expiry(at: nil, source: .unknown)
    ) {
        self.state = state
        self.checkedAt = checkedAt
        self.expiry = expiry
    }
}

extension Verification.Expiry {
    /// The moment that counts: the registry's or the secret's own, else the user's, who may know of an end that the registry
    /// does not tell.
    public func orElse(_ givenByUser: Date?) -> Verification.Expiry {
        guard at == nil, let givenByUser else { return self }
        return Verification.Expiry(at: givenByUser, source: .user)
    }
}
