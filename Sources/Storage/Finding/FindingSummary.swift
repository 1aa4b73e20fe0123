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
                try session.execute(
                    "UPDATE finding SET present = 0, image_count = 0, branches = 0 WHERE id = $1",
                    [.uuid(id.uuid)]
                )
                continue
            }
            try session.execute("UPDATE finding SET image_count = $1 WHERE id = $2", [row.values[0], .uuid(id.uuid)])
            // Most images of a repository say the same of a flaw; these columns are in every index, that one is in none.
            try session.execute(
                """
                UPDATE finding SET present = 1, severity = $1, score = $2, fixable = $3, branches = $4
                WHERE id = $5
                    AND (present <> 1 OR severity <> $1 OR score <> $2 OR fixable <> $3 OR branches <> $4)
                """,
                Array(row.values[1...]) + [.integer(try branches(of: id)), .uuid(id.uuid)]
            )
        }
    }

    /// The bits of the branches of its images.
    private func branches(of id: FindingID) throws -> Int64 {
        try session.query(
            """
            SELECT DISTINCT b.bit FROM finding_image AS p JOIN image AS i ON i.id = p.image_id
                JOIN branch AS b ON b.project_id = i.project_id AND b.name = i.branch
            WHERE p.finding_id = $1
            """,
            [.uuid(id.uuid)]
        ).reduce(0) { $0 | (try $1.integer(0)) }
    }
}
