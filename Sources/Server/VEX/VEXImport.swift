import Foundation
import Registries
import Storage
import Tenancy

/// Holds the statements of a document against the findings of a project.
struct VEXImport: Sendable {
    /// What became of one statement.
    struct Outcome: Sendable {
        let statement: VEXDocument.Statement
        let findings: Int
        /// Paths of products that matched no finding.
        let unmatched: [String]
    }

    /// What is to be written: findings by the one decision that is new to all of them.
    struct Change: Sendable, Hashable {
        let status: FindingStatus
        let reason: String?
    }

    private(set) var outcomes: [Outcome] = []
    /// Findings that the last statement about them changes.
    private(set) var changes: [Change: [FindingID]] = [:]
    /// Findings that some statement matched.
    private(set) var matched = 0

    /// Throws an `APIError` for a document that asks for more than ``VEXLimits``.
    init(_ document: VEXDocument, in project: ProjectID, _ session: any SQLSession) throws {
        let store = FindingStore(session)
        var known: [[String]: [StatedFinding]] = [:]
        var decided: [FindingID: (finding: StatedFinding, change: Change)] = [:]
        var work = VEXLimits.work
        for statement in document.statements {
            let findings: [StatedFinding]
            if let kept = known[statement.flaws] {
                findings = kept
            } else {
                findings = try store.stated(statement.flaws, in: project)
                work -= VEXLimits.workOfLook + findings.count
                if known.values.reduce(0, { $0 + $1.count }) > VEXLimits.kept { known = [:] }
                known[statement.flaws] = findings
            }
            guard findings.count <= FindingStore.statedLimit else {
                throw APIError.invalid(
                    "\(statement.path).vulnerability",
                    "has more than \(FindingStore.statedLimit) findings; decide them in smaller projects"
                )
            }
            var found: Set<FindingID> = []
            var unmatched: [String] = []
            for product in statement.products {
                var isMatched = false
                for subject in product.subjects {
                    work -= findings.count
                    for finding in findings where finding.fits(subject) {
                        if subject.namesPlaces {
                            work -= VEXLimits.workOfLook
                            guard work > 0 else { break }
                            guard try store.isPlaced(finding.id, in: subject) else { continue }
                        }
                        isMatched = true
                        found.insert(finding.id)
                        decided[finding.id] = (finding, Change(status: statement.status, reason: statement.reason))
                    }
                    guard work > 0, decided.count <= VEXLimits.decisions else {
                        throw APIError.invalid(
                            "statements",
                            "concern more findings than are decided at once; send the document in parts"
                        )
                    }
                }
                if !isMatched { unmatched.append(product.path) }
            }
            outcomes.append(Outcome(statement: statement, findings: found.count, unmatched: unmatched))
        }
        matched = decided.count
        for (id, (finding, change)) in decided where !finding.has(change) { changes[change, default: []].append(id) }
    }

    /// Writes what is new, in one transaction.
    func write(as author: UserID, in project: ProjectID, at now: Date, _ session: any SQLSession) throws {
        for (change, ids) in changes {
            let decision = FindingDecision(
                status: change.status,
                reason: change.reason,
                author: author,
                decidedAt: now,
                expiresAt: nil
            )
            _ = try FindingStore(session).decide(decision, on: ids, in: project)
        }
    }
}

extension StatedFinding {
    /// Whether the decision is this one already: then the same document can be sent again, and changes nothing.
    fileprivate func has(_ change: VEXImport.Change) -> Bool {
        status == change.status && reason == change.reason && expiresAt == nil
    }
}
