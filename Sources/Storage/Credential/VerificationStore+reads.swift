import Foundation
import Registries
public import Tenancy

extension VerificationStore {
    /// What is kept of a credential of `organization`; nil when no probe was ever scheduled.
    public func find(_ id: CredentialID, in organization: OrganizationID) throws -> StoredVerification? {
        try session.first(
            """
            SELECT v.version, v.report, v.pinned_realm, v.failures, v.next_check_at
            FROM credential_verification AS v JOIN credential ON credential.id = v.credential_id
            WHERE v.credential_id = $1 AND credential.organization_id = $2
            """,
            [.uuid(id.uuid), .uuid(organization.uuid)]
        ).map { row in
            StoredVerification(
                version: try row.integer(0),
                outcome: try row.optionalText(1).map { try Verification(report: $0) },
                pinnedRealm: try row.optionalText(2),
                failures: Int(try row.integer(3)),
                nextCheckAt: try row.time(4)
            )
        }
    }

    /// The token service that is pinned for a credential of `organization`.
    public func pinnedRealm(of id: CredentialID, in organization: OrganizationID) throws -> String? {
        try session.first(
            """
            SELECT v.pinned_realm FROM credential_verification AS v JOIN credential ON credential.id = v.credential_id
            WHERE v.credential_id = $1 AND credential.organization_id = $2
            """,
            [.uuid(id.uuid), .uuid(organization.uuid)]
        )?.optionalText(0)
    }

    /// The last probes of a credential of `organization`, the newest first; at most ``historyLimit``.
    public func history(of id: CredentialID, in organization: OrganizationID) throws -> [VerificationEvent] {
        try session.query(
            """
            SELECT e.version, e.state, e.reason, e.code, e.advice, e.checked_at
            FROM credential_verification_event AS e JOIN credential ON credential.id = e.credential_id
            WHERE e.credential_id = $1 AND credential.organization_id = $2
            ORDER BY e.checked_at DESC, e.id DESC LIMIT $3
            """,
            [.uuid(id.uuid), .uuid(organization.uuid), .integer(Int64(VerificationStore.historyLimit))]
        ).map { row in
            guard let reason = VerificationEvent.Reason(rawValue: try row.text(2)) else {
                throw StorageError(.unexpectedValue, "a probe was made for an unknown reason")
            }
            return VerificationEvent(
                version: try row.integer(0),
                state: try row.verificationState(1),
                reason: reason,
                code: try row.optionalText(3),
                advice: try row.optionalText(4),
                checkedAt: try row.time(5)
            )
        }
    }
}

extension VerificationEvent {
    init(_ record: VerificationRecord) {
        self.init(
            version: record.version,
            state: record.outcome.state,
            reason: record.reason,
            code: record.outcome.steps.first { $0.outcome == .failed }?.code,
            advice: record.outcome.advice,
            checkedAt: record.outcome.checkedAt
        )
    }
}

extension SQLRow {
    func verificationState(_ column: Int) throws(StorageError) -> Verification.State {
        guard let state = Verification.State(rawValue: try text(column)) else {
            throw StorageError(.unexpectedValue, "a verification has an unknown state")
        }
        return state
    }

    func expirySource(_ column: Int) throws(StorageError) -> Verification.Expiry.Source {
        guard let source = Verification.Expiry.Source(rawValue: try text(column)) else {
            throw StorageError(.unexpectedValue, "an expiry has an unknown source")
        }
        return source
    }
}

extension Verification {
    /// The whole outcome as it is kept.
    var report: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .millisecondsSince1970
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    init(report: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        do {
            self = try decoder.decode(Verification.self, from: Data(report.utf8))
        } catch {
            throw StorageError(.unexpectedValue, "a kept verification cannot be read")
        }
    }
}
