import Tenancy

/// The bits that stand for the branches of a project in the masks of its findings.
///
/// A mask has room for ``limit`` branches. Those beyond have no bit and are looked for in the images themselves; a bit comes free
/// when its branch has no image any more.
struct BranchBits {
    let session: any SQLSession

    /// The sign of a `BIGINT` is left alone.
    static let limit = 62

    init(_ session: any SQLSession) { self.session = session }

    /// The bit of a branch; 0 when it has none, nil when the project has no image of it.
    func find(_ branch: String, in project: ProjectID) throws -> Int64? {
        try session.first(
            "SELECT bit FROM branch WHERE project_id = $1 AND name = $2",
            [.uuid(project.uuid), .text(branch)]
        )?.integer(0)
    }

    /// The bit of a branch that an image of the project is of; nil is no branch.
    func take(_ branch: String?, in project: ProjectID) throws -> Int64 {
        guard let branch else { return 0 }
        if let bit = try find(branch, in: project) { return bit }
        var free = try freeBit(of: project)
        if free == 0 {
            try session.execute(
                """
                DELETE FROM branch WHERE project_id = $1
                    AND NOT EXISTS (SELECT 1 FROM image WHERE image.project_id = branch.project_id AND image.branch = branch.name)
                """,
                [.uuid(project.uuid)]
            )
            free = try freeBit(of: project)
        }
        try session.execute(
            "INSERT INTO branch (project_id, name, bit) VALUES ($1, $2, $3)",
            [.uuid(project.uuid), .text(branch), .integer(free)]
        )
        return free
    }

    /// 0 when there is none.
    private func freeBit(of project: ProjectID) throws -> Int64 {
        let rows = try session.query(
            "SELECT bit FROM branch WHERE project_id = $1 AND bit <> 0 LIMIT \(BranchBits.limit)",
            [.uuid(project.uuid)]
        )
        let taken = try rows.reduce(Int64(0)) { $0 | (try $1.integer(0)) }
        return (0..<BranchBits.limit).lazy.map { Int64(1) << $0 }.first { taken & $0 == 0 } ?? 0
    }
}
