public import Foundation
public import OCI

/// What was read of layers and manifests, kept so that it need not be pulled again. The contents are their writer's matter.
///
/// Content is kept by digest, whoever's scan brought it: a scan uses it only after the registry has let it see the manifest that
/// names it.
public struct LayerInventoryStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// What was kept of a layer by this version of the cataloguer.
    public func find(_ digest: Digest, cataloguer: String) throws -> [UInt8]? {
        try session.first(
            "SELECT contents FROM layer_inventory WHERE digest = $1 AND cataloguer = $2",
            [.text(digest.description), .text(cataloguer)]
        )?.bytes(0)
    }

    /// Which of `digests` are kept.
    public func known(_ digests: [Digest], cataloguer: String) throws -> Set<Digest> {
        try Set(
            digests.filter { digest in
                try session.first(
                    "SELECT 1 FROM layer_inventory WHERE digest = $1 AND cataloguer = $2",
                    [.text(digest.description), .text(cataloguer)]
                ) != nil
            }
        )
    }

    /// Notes that layers were used, so that others go first.
    public func touch(_ digests: [Digest], cataloguer: String, at now: Date) throws {
        for digest in digests {
            // Not at every scan: an hour more or less decides nothing, and a row that is not written costs nothing.
            try session.execute(
                "UPDATE layer_inventory SET used_at = $1 WHERE digest = $2 AND cataloguer = $3 AND used_at < $4",
                [
                    .time(now), .text(digest.description), .text(cataloguer),
                    .time(now.addingTimeInterval(-LayerInventoryStore.useInterval)),
                ]
            )
        }
    }

    /// Keeps a layer; drops those that were not used for longest until all of them are within `limitInBytes`.
    public func insert(
        _ digest: Digest,
        cataloguer: String,
        contents: [UInt8],
        at now: Date,
        limitInBytes: Int64
    ) throws {
        guard contents.count <= limitInBytes else { return }
        try session.execute(
            """
            INSERT INTO layer_inventory (digest, cataloguer, contents, size_in_bytes, used_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest, cataloguer) DO UPDATE SET contents = excluded.contents,
                size_in_bytes = excluded.size_in_bytes, used_at = excluded.used_at
            """,
            [
                .text(digest.description), .text(cataloguer), .bytes(contents), .integer(contents.count), .time(now),
            ]
        )
        try drop(from: "layer_inventory", key: "cataloguer", limitInBytes)
    }

    /// What was kept of an image's manifest and configuration. `digest` is what the tag leads to, index or manifest; `platform` is
    /// the one asked for.
    public func resolved(_ digest: Digest, platform: String) throws -> [UInt8]? {
        try session.first(
            "SELECT contents FROM resolved_image WHERE digest = $1 AND platform = $2",
            [.text(digest.description), .text(platform)]
        )?.bytes(0)
    }

    /// Keeps an image's manifest and configuration; bounded as layers are.
    public func insertResolved(
        _ digest: Digest,
        platform: String,
        contents: [UInt8],
        at now: Date,
        limitInBytes: Int64
    ) throws {
        guard contents.count <= limitInBytes else { return }
        try session.execute(
            """
            INSERT INTO resolved_image (digest, platform, contents, size_in_bytes, used_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (digest, platform) DO UPDATE SET contents = excluded.contents,
                size_in_bytes = excluded.size_in_bytes, used_at = excluded.used_at
            """,
            [.text(digest.description), .text(platform), .bytes(contents), .integer(contents.count), .time(now)]
        )
        try drop(from: "resolved_image", key: "platform", limitInBytes)
    }

    /// How much later a use must be than the last to be noted, in seconds.
    private static let useInterval: Double = 3_600

    /// Drops those that were not used for longest. The index holds what the sum needs.
    private func drop(from table: String, key: String, _ limitInBytes: Int64) throws {
        let sum = "SELECT CAST(COALESCE(SUM(size_in_bytes), 0) AS BIGINT) FROM \(table)"
        var excess = (try session.first(sum, [])?.integer(0) ?? 0) - limitInBytes
        while excess > 0 {
            let oldest = try session.query(
                "SELECT digest, \(key), size_in_bytes FROM \(table) ORDER BY used_at, digest LIMIT 16",
                []
            )
            guard !oldest.isEmpty else { return }
            for row in oldest where excess > 0 {
                try session.execute(
                    "DELETE FROM \(table) WHERE digest = $1 AND \(key) = $2",
                    [.text(try row.text(0)), .text(try row.text(1))]
                )
                excess -= try row.integer(2)
            }
        }
    }
}
