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

        /// Whether nobody looks at the finding any more.
        var silences: Bool { status == .ignored || status == .resolved }
    }

    /// A finding whose last statement silences it, and that is in more places than the statements are about.
    struct Widening: Sendable {
        let path: String
        let vulnerability: String
        let finding: StatedFinding
        let isDecided: Bool
        /// Places that no statement silences.
        let places: [StatedPlace]
    }

    private(set) var outcomes: [Outcome] = []
    /// Findings that the last statement about them changes.
    private(set) var changes: [Change: [FindingID]] = [:]
    /// Findings that some statement matched.
    private(set) var matched = 0
    /// In the order of the statements.
    private(set) var widened: [Widening] = []

    /// Silences findings in places that the document does not name where `allowsWider`, and leaves them as they are elsewhere.
    ///
    /// Throws an `APIError` for a document that asks for more than ``VEXLimits``.
    init(_ document: VEXDocument, in project: ProjectID, allowsWider: Bool, _ session: any SQLSession) throws {
        var reading = VEXReading(in: project, session)
        for (order, statement) in document.statements.enumerated() {
            outcomes.append(try reading.read(statement, order))
        }
        matched = reading.verdicts.count
        for verdict in reading.verdicts.values.sorted(by: { $0.isBefore($1) }) {
            let (finding, last) = (verdict.finding, verdict.last)
            let isDone = finding.has(last.change)
            if verdict.isWider, !isDone {
                let statement = document.statements[last.order]
                widened.append(
                    Widening(
                        path: statement.path,
                        vulnerability: statement.flaws.first ?? "",
                        finding: finding,
                        isDecided: allowsWider,
                        places: verdict.others
                    )
                )
            }
            guard let change = verdict.change(allowsWider: allowsWider), !finding.has(change) else { continue }
            changes[change, default: []].append(finding.id)
        }
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
