import ImageFixtures

/// A moment of a scan at which its service is killed.
enum KillStage: String, Sendable, CaseIterable, CustomStringConvertible {
    /// It waits for its turn.
    case queued
    /// The registry was asked what its tag stands for.
    case resolving
    /// A part of its layer has come.
    case pulling
    /// All of its layer has come but the end, so that its files are read and the layer is not known yet.
    case cataloguing
    /// Its packages are held against the advisories.
    case matching
    /// Its result is written.
    case writing
    /// It was told as completed.
    case ended
    /// Images are matched again after an import: some are, some are not yet.
    case rematching

    var description: String { rawValue }

    /// Which of the round's scans is to be there.
    var victim: Int {
        switch self {
        case .resolving, .ended, .rematching: 0
        case .cataloguing: 1
        case .pulling, .matching, .writing: 2
        case .queued: 3
        }
    }

    /// Whether the scan is to last a while at this stage, since nothing holds it there.
    var wantsManyPackages: Bool { self == .matching || self == .writing }

    /// Where the registry stops meanwhile; `own` is the size of the layer that the victim alone has.
    func stop(_ victim: String, own: Int, _ random: inout SeededRandom) -> StoppableRegistry.Stop? {
        switch self {
        case .queued: .everywhere
        case .resolving: .tag(victim)
        case .pulling: .layer(of: victim, after: Int.random(in: 1..<max(2, own * 3 / 4), using: &random))
        // Of a gzip file the sum and the length are missing.
        case .cataloguing: .layer(of: victim, after: own - 8)
        default: nil
        }
    }

    /// Whether a scan that tells this of itself is there.
    func isTold(state: String, step: String, progress: Int) -> Bool {
        switch self {
        case .queued: state == "queued" && step == "queued"
        case .resolving: state == "running" && step == "resolve"
        case .pulling: state == "running" && step == "pull"
        // 90 is the end of the last layer.
        case .cataloguing: state == "running" && step == "pull" && progress == 89
        case .matching: state == "running" && step == "match"
        case .writing: state == "running" && step == "finish"
        case .ended: state == "completed"
        case .rematching: false
        }
    }
}
