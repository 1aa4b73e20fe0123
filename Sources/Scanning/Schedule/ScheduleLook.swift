import Foundation
import OCI
import Registries
import Storage

/// One look of a schedule at its registry: which tags fit, what they stand for, and which of them are to be scanned.
struct ScheduleLook: Sendable {
    let schedule: ScanSchedule
    /// What the tags stood for when they were last scanned.
    let known: [String: ScheduledTag]
    let registry: @Sendable (ScanRequest) async throws -> DistributionClient
    let clock: ScanClock

    /// Tags of one schedule; with more of them nobody reads the results.
    static let tagLimit = 100
    /// Scans of one digest: one that fails again and again is the image's fault, not the hour's.
    static let scansOfOneDigest = 3
    /// Scans need some of the registry's budget too: with less than a tenth left the look ends.
    static let leastBudgetShare = 10

    /// What a look found, and how it ended.
    struct Found: Sendable {
        var tags: [(tag: String, digest: Digest)] = []
        var due: Set<String> = []
        /// All that fit, once the registry has told.
        var existing: Set<String>?
        var failure: ScanFailure?
        /// Whether the failure is the registry's or the credential's, so that looking again soon would be of no use.
        var isTrouble = false
        /// What the registry asks to wait, in seconds.
        var pause: TimeInterval?
    }

    /// Looks. Throws `StorageError` and `CancellationError`; every other trouble is in what is given.
    func run() async throws -> Found {
        var found = Found()
        do {
            try await look(&found)
        } catch {
            guard let failure = ScanFailure(error) else { throw error }
            found.failure = failure.ofSchedule
            found.isTrouble = failure.code != RegistryError.Code.tagNotFound.description
            found.pause = (error as? RegistryError)?.retryAfter.map { TimeInterval($0.components.seconds) }
        }
        found.due = Set(found.tags.filter { isDue($0.tag, $0.digest) }.map(\.tag))
        return found
    }

    private func look(_ found: inout Found) async throws {
        let pattern: TagPattern
        let image: ImageReference
        do {
            pattern = try TagPattern(schedule.tagPattern)
            image = try ImageReference("\(schedule.repository):\(pattern.isExact ? pattern.description : "latest")")
        } catch {
            throw ScanError(.unusableInput, "the schedule's image cannot be read")
        }
        let client = try await registry(schedule.request(of: image.tag ?? ""))
        let tags = try await tags(pattern, of: image, client)
        found.existing = Set(tags)
        for tag in tags.suffix(ScheduleLook.tagLimit) {
            try Task.checkCancellation()
            do {
                let named = try ImageReference("\(schedule.repository):\(tag)")
                let head = try await client.head(image.repository, ManifestReference(named))
                found.tags.append((tag, head.digest))
                if let budget = head.rateBudget, budget.isNearlySpent, !isLast(tag, of: tags) {
                    found.failure = .budgetNearlySpent
                    found.isTrouble = true
                    found.pause = budget.resetsAt.map { max(0, $0.timeIntervalSince(clock.now())) }
                    break
                }
            } catch let error as RegistryError where error.code == .tagNotFound && !pattern.isExact {
                found.existing?.remove(tag)  // It was deleted since the list was read.
            } catch is ImageReference.ValidationError {
                continue  // What is no tag cannot be asked for.
            }
        }
        if found.failure == nil, tags.isEmpty { found.failure = .noTagFits }
        if found.failure == nil, tags.count > ScheduleLook.tagLimit { found.failure = .tooManyTags(tags.count) }
    }

    private func isLast(_ tag: String, of tags: [String]) -> Bool { tags.last == tag }

    /// In the order of their names, so that of many versions the last ones are looked at.
    private func tags(_ pattern: TagPattern, of image: ImageReference, _ client: DistributionClient) async throws
        -> [String]
    {
        guard !pattern.isExact else { return [pattern.description] }
        return try await client.allTags(image.repository).filter { pattern.matches($0) }.sorted()
    }

    private func isDue(_ tag: String, _ digest: Digest) -> Bool {
        guard schedule.rhythm == .onChange, let known = known[tag], known.digest == digest.description else {
            return true
        }
        return known.hasFailed && known.scans < ScheduleLook.scansOfOneDigest
    }
}

extension RateBudget {
    /// Whether less than a tenth is left.
    fileprivate var isNearlySpent: Bool {
        remaining < limit / ScheduleLook.leastBudgetShare
    }
}

extension ScanFailure {
    /// The words for a schedule, which waits for nothing.
    fileprivate var ofSchedule: ScanFailure {
        switch code {
        case ScanFailure.credentialDeleted.code: .scheduleWithoutCredential
        case ScanFailure.credentialUnlinked.code: .scheduleCredentialUnlinked
        default: self
        }
    }

    /// No tag of the repository fits the pattern.
    static let noTagFits = ScanFailure(
        category: .api,
        code: "no-tag-fits",
        hint: "Check the pattern, and what the account may see",
        message: "no tag of the repository fits the pattern"
    )

    /// The registry answers only so many requests in a time.
    static let budgetNearlySpent = ScanFailure(
        category: .api,
        code: "rate-budget-low",
        hint: "Narrow the pattern, or use an account with a higher limit",
        message: "the registry's rate limit is nearly used up; the other tags are looked at later"
    )

    /// Only some of the tags are looked at.
    static func tooManyTags(_ count: Int) -> ScanFailure {
        ScanFailure(
            category: .scan,
            code: "too-many-tags",
            hint: "Narrow the pattern",
            message: "\(count) tags fit, and only the last \(ScheduleLook.tagLimit) by name are looked at"
        )
    }

    /// The registry took too long.
    static let lookOverdue = ScanFailure(
        category: .network,
        code: "schedule-timeout",
        hint: "The registry may be too slow for so many tags; narrow the pattern",
        message: "looking at the tags took longer than \(ScanWorkLimits.look.components.seconds) seconds"
    )
}
