public import Foundation
public import OCI

/// What was read of layers and manifests, kept so that it need not be pulled again. The contents are their writer's matter.
///
/// Everything is kept by digest within a scope, which says in what form it is and who may use it: a digest alone is no right to see
/// what it names.
public struct LayerInventoryStore {
    /// What is kept; each has a table and a limit of its own.
    public enum Kind: String, Sendable, CaseIterable {
        /// What was read of a layer.
        case layer = "layer_inventory"
        /// The manifest and configuration of an image, under the digest that its tag leads to, of an index or a manifest.
        case image = "resolved_image"
    }

    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// What was kept.
    public func find(_ kind: Kind, _ digest: Digest, scope: String) throws -> [UInt8]? {
        try session.first(
            "SELECT contents FROM \(kind.rawValue) WHERE digest = $1 AND scope = $2",
            [.text(digest.description), .text(scope)]
        )?.bytes(0)
    }

    /// Whether everything of these is kept.
    public func holds(_ kind: Kind, _ digests: [Digest], scope: String) throws -> Bool {
        try digests.allSatisfy { digest in
            try session.first(
                "SELECT 1 FROM \(kind.rawValue) WHERE digest = $1 AND scope = $2",
                [.text(digest.description), .text(scope)]
            ) != nil
        }
    }

    /// Notes that something was used, so that others go first.
    public func touch(_ kind: Kind, _ digests: [Digest], scope: String, at now: Date) throws {
        for digest in digests {
            // Not at every scan: an hour more or less decides nothing, and a row that is not written costs nothing.
            try session.execute(
                "UPDATE \(kind.rawValue) SET used_at = $1 WHERE digest = $2 AND scope = $3 AND used_at < $4",
                [
                    .time(now), .text(digest.description), .text(scope),
                    .time(now.addingTimeInterval(-LayerInventoryStore.useInterval)),
                ]
            )
        }
    }

    /// Keeps something; drops what of its kind was not used for longest until all of them are within `limitInBytes`.
    public func insert(
        _ kind: Kind,
        _ digest: Digest,
        scope: String,
        contents: [UInt8],
        at now: Date,
        limitInBytes: Int64
    ) throws {
        guard contents.count <= limitInBytes else { return }
        try session.execute(
            """
            INSERT INTO \(kind.rawValue) (digest, scope, contents, size_in_bytes, used_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest, scope) DO UPDATE SET contents = excluded.contents,
                size_in_bytes = excluded.size_in_bytes, used_at = excluded.used_at
            """,
            [.text(digest.description), .text(scope), .bytes(contents), .integer(contents.count), .time(now)]
        )
        try drop(kind, limitInBytes)
    }

    /// How much later a use must be than the last to be noted, in seconds.
    private static let useInterval: Double = 3_600

    /// Drops what was not used for longest. The index holds what the sum needs.
    private func drop(_ kind: Kind, _ limitInBytes: Int64) throws {
        let sum = "SELECT CAST(COALESCE(SUM(size_in_bytes), 0) AS BIGINT) FROM \(kind.rawValue)"
        var excess = (try session.first(sum, [])?.integer(0) ?? 0) - limitInBytes
        while excess > 0 {
            let oldest = try session.query(
                "SELECT digest, scope, size_in_bytes FROM \(kind.rawValue) ORDER BY used_at, digest LIMIT 16",
                []
            )
            guard !oldest.isEmpty else { return }
            for row in oldest where excess > 0 {
                try session.execute(
                    "DELETE FROM \(kind.rawValue) WHERE digest = $1 AND scope = $2",
                    [.text(try row.text(0)), .text(try row.text(1))]
                )
                excess -= try row.integer(2)
            }
        }
    }
}
