import TestSupport
import Testing

/// One round: the scans that are asked for, and the one of them that is to be at a stage when the service dies.
struct KillShot: Sendable {
    /// The tag of the image with many packages; it moves.
    static let large = "large"

    let stage: KillStage
    let round: Int
    let tags: [String]

    init(stage: KillStage, round: Int) {
        (self.stage, self.round) = (stage, round)
        // Tags that move are not asked for before their earlier scans have ended.
        let moving = stage.wantsManyPackages ? KillShot.large : "latest"
        // One is cancelled while others wait, and who comes after it may have its place.
        tags = ["a\(round)", "b\(round)", moving] + (stage == .queued ? ["d\(round)"] : [])
    }

    var victim: String { tags[stage.victim] }

    /// Waits until the service tells that the victim is there, and notes what it acknowledges meanwhile. `flaw` is in every image.
    func isSeen(
        in place: ScanPlace,
        _ registry: StoppableRegistry,
        _ ledger: inout ScanLedger,
        flaw: String?
    ) async throws {
        let index = ledger.scans.count - tags.count + stage.victim
        switch stage {
        case .rematching:
            // More than the images of this round, and not all.
            let isSeen = try await eventually { try await place.imageCount(of: flaw ?? "") > tags.count }
            #expect(isSeen)
        case .queued:
            #expect(try await place.isSeen(stage, ledger.scans[index]))
            // Two run, and the last one waits, also when the one that is cancelled has made room for one more.
            let isAsked = await eventually { registry.hasStopped }
            #expect(isAsked)
            await place.cancel(index - 2, &ledger)
        case .matching, .writing:
            // It may be missed, for which there are other rounds.
            _ = try await place.isSeen(stage, ledger.scans[index])
        case .resolving, .pulling, .cataloguing:
            let isStopped = await eventually { registry.hasStopped }
            #expect(isStopped)
            #expect(try await place.isSeen(stage, ledger.scans[index]), "\(stage) is held, and not told")
        case .ended:
            ledger.scans[index].wasCompleted = try await place.isSeen(stage, ledger.scans[index])
            #expect(ledger.scans[index].wasCompleted)
        }
    }
}
