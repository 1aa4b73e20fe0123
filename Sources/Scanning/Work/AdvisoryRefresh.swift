import Advisories
import Foundation
import Logging
import Storage

/// Holds what is known of images against a new advisory database. No registry is asked: the newest inventory of each is kept.
struct AdvisoryRefresh: Sendable {
    let database: any Database
    let toolVersion: String
    let clock: ScanClock
    let logger: Logger

    /// Matches every image again that was last matched before `snapshot` arrived. Returns how many. Throws `StorageError`,
    /// `AdvisoryError` and `CancellationError`; what was matched by then stays so.
    func run(_ snapshot: AdvisoryLibrary.Snapshot) async throws -> Int {
        var count = 0
        var last: ImageID?
        while true {
            try Task.checkCancellation()
            let start = last
            let images = try await database.read { session in
                try ImageStore(session).matched(
                    before: snapshot.mark.arrivedAt,
                    after: start,
                    limit: ScanWorkLimits.rematchPage
                )
            }
            guard let end = images.last else { return count }
            for image in images where try await match(image, with: snapshot) { count += 1 }
            last = end.id
        }
    }

    /// Matches one image again. False when it was scanned again meanwhile, or its inventory cannot be read.
    func match(_ image: StoredImage, with snapshot: AdvisoryLibrary.Snapshot) async throws -> Bool {
        let bytes = try await database.read { try ImageStore($0).inventory(of: image.id) }
        guard let scanned = bytes.flatMap({ ScannedImage(stored: $0) }) else {
            logger.warning("inventory not readable", metadata: ["imageId": "\(image.id)"])
            return false
        }
        let now = clock.now()
        let report = try FindingMatcher(snapshot.database).report(on: scanned, at: now, toolVersion: toolVersion)
        let (findings, completeness) = (try report.newFindings(), try report.completenessText)
        let isDegraded = report.isDegraded
        return try await database.write { session in
            try ImageStore(session).rematch(
                image.id,
                of: image.scan,
                findings: findings,
                completeness: completeness,
                isDegraded: isDegraded,
                at: now
            )
        }
    }
}
