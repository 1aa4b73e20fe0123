import Foundation
import Tenancy

extension Scan {
    static let columns = """
        id, organization_id, project_id, uses_credential, credential_id, asked_by, image, repository, tag, platform, branch, \
        private, severities, priority, state, step, progress, attempts, cancel_asked, error_category, error_code, \
        error_status, error_hint, error_message, image_id, finding_count, completeness, created_at, started_at, finished_at, \
        updated_at, waits_until
        """

    /// From ``columns``.
    init(row: SQLRow) throws {
        guard let state = State(rawValue: try row.text(14)) else {
            throw StorageError(.unexpectedValue, "a scan has an unknown state")
        }
        self.init(
            id: ScanID(try row.uuid(0)),
            request: try ScanRequest(row: row),
            state: state,
            step: try row.text(15),
            progress: Int(try row.integer(16)),
            attempts: Int(try row.integer(17)),
            isCancelAsked: try row.flag(18),
            failure: try ScanFailure(row: row, from: 19),
            image: try row.optionalUUID(24).map(ImageID.init),
            findingCount: try row.optionalInteger(25),
            completeness: try row.optionalText(26),
            createdAt: try row.time(27),
            startedAt: try row.optionalTime(28),
            finishedAt: try row.optionalTime(29),
            updatedAt: try row.time(30),
            waitsUntil: try row.optionalTime(31)
        )
    }
}

extension ScanRequest {
    fileprivate init(row: SQLRow) throws {
        guard let priority = Priority(rawValue: Int(try row.integer(13))) else {
            throw StorageError(.unexpectedValue, "a scan has an unknown priority")
        }
        self.init(
            organization: OrganizationID(try row.uuid(1)),
            project: ProjectID(try row.uuid(2)),
            credential: try row.optionalUUID(4).map(CredentialID.init),
            askedBy: try row.optionalUUID(5).map(UserID.init),
            image: try row.text(6),
            repository: try row.text(7),
            tag: try row.text(8),
            platform: try row.text(9),
            branch: try row.optionalText(10),
            isPrivate: try row.flag(11),
            severities: try row.text(12).split(separator: " ").map(String.init),
            priority: priority
        )
        usesCredential = try row.flag(3)
    }
}

extension Scan {
    /// What is set of a scan that ends cancelled: `$1` is the time.
    static let cancelling = """
        state = 'cancelled', step = 'cancelled', lease_id = NULL, lease_until = NULL, waits_until = NULL, \
        finished_at = $1, updated_at = $1
        """
}

extension ScanFailure {
    /// What is set of a scan that ends with a failure: `$1` to `$5` are ``values``, `$6` is the time.
    static let ending = """
        state = 'failed', step = 'failed', error_category = $1, error_code = $2, error_status = $3, error_hint = $4, \
        error_message = $5, lease_id = NULL, lease_until = NULL, waits_until = NULL, finished_at = $6, updated_at = $6
        """

    /// From five columns in the order of ``values``.
    init?(row: SQLRow, from column: Int) throws {
        guard let category = try row.optionalText(column) else { return nil }
        self.init(
            category: Category(rawValue: category) ?? .unknown,
            code: try row.optionalText(column + 1) ?? category,
            upstreamStatus: try row.optionalInteger(column + 2),
            hint: try row.optionalText(column + 3),
            message: try row.optionalText(column + 4) ?? ""
        )
    }

    /// In the order of the columns.
    var values: [SQLValue] {
        [.text(category.rawValue), .text(code), .integer(upstreamStatus), .text(hint), .text(message)]
    }
}
