import Foundation

/// What a finding says of all of its images, kept in its own row, so that lists need no look at the images.
struct FindingSummary {
    let session: any SQLSession

    init(_ session: any SQLSession) { self.session = session }

    /// Writes it anew. A finding that no image has any more keeps what it was last.
    func refresh(_ ids: some Sequence<FindingID>) throws {
        for id in ids {
            let row = try session.first(
                """
                SELECT COUNT(DISTINCT image_id), MAX(severity), MAX(score),
                    MAX(CASE WHEN fixed_in IS NULL THEN 0 ELSE 1 END)
                FROM finding_image WHERE finding_id = $1
                """,
                [.uuid(id.uuid)]
            )
            guard let row, try row.integer(0) > 0 else {
                try session.execute("UPDATE finding SET present = 0, image_count = 0 WHERE id = $1", [.uuid(id.uuid)])
                continue
            }
            try session.execute(
                """
                UPDATE finding SET present = 1, image_count = $1, severity = $2, score = $3, fixable = $4 WHERE id = $5
                """,
                row.values + [.uuid(id.uuid)]
            )
        }
    }
}
