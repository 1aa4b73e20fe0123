import Foundation
import Registries
import Storage
import Tenancy

/// Statements on their way through the findings of a project; work and memory are bounded by ``VEXLimits``.
struct VEXReading {
    private let store: FindingStore
    private let project: ProjectID
    private var work = VEXLimits.work
    /// Of flaws of earlier statements.
    private var known: [[String]: [StatedFinding]] = [:]
    private var places: [FindingID: StatedPlaces] = [:]
    private var placeCount = 0

    private(set) var verdicts: [FindingID: VEXVerdict] = [:]

    init(in project: ProjectID, _ session: any SQLSession) {
        store = FindingStore(session)
        self.project = project
    }

    /// Reads the next statement, of this number. Throws an `APIError` when it is too much.
    mutating func read(_ statement: VEXDocument.Statement, _ order: Int) throws -> VEXImport.Outcome {
        let findings = try findings(of: statement)
        let change = VEXImport.Change(status: statement.status, reason: statement.reason)
        let said = VEXVerdict.Said(order: order, change: change)
        var found: Set<FindingID> = []
        var unmatched: [String] = []
        for product in statement.products {
            var isMatched = false
            for subject in product.subjects {
                work -= findings.count
                for finding in findings where finding.fits(subject) {
                    guard try say(said, of: finding, subject) else { continue }
                    isMatched = true
                    found.insert(finding.id)
                }
                guard work > 0, verdicts.count <= VEXLimits.decisions else { throw Self.tooMuch }
            }
            if !isMatched { unmatched.append(product.path) }
        }
        return VEXImport.Outcome(statement: statement, findings: found.count, unmatched: unmatched)
    }

    private static var tooMuch: APIError {
        .invalid("statements", "concern more findings than are decided at once; send the document in parts")
    }

    private mutating func findings(of statement: VEXDocument.Statement) throws -> [StatedFinding] {
        if let kept = known[statement.flaws] { return kept }
        let findings = try store.stated(statement.flaws, in: project)
        work -= VEXLimits.workOfLook + findings.count
        guard findings.count <= FindingStore.statedLimit else {
            throw APIError.invalid(
                "\(statement.path).vulnerability",
                "has more than \(FindingStore.statedLimit) findings; decide them in smaller projects"
            )
        }
        if known.values.reduce(0, { $0 + $1.count }) > VEXLimits.kept { known = [:] }
        known[statement.flaws] = findings
        return findings
    }

    /// False when the subject names no place of the finding.
    private mutating func say(_ said: VEXVerdict.Said, of finding: StatedFinding, _ subject: FindingSubject) throws
        -> Bool
    {
        guard subject.namesPlaces else {
            verdicts[finding.id, default: VEXVerdict(finding, said)].say(said)
            return true
        }
        let places = try places(of: finding.id)
        work -= places.items.count
        let numbers = places.items.indices.filter { places.items[$0].fits(subject) }
        guard !numbers.isEmpty else { return false }
        verdicts[finding.id, default: VEXVerdict(finding, said)].say(said, at: numbers, of: places)
        return true
    }

    private mutating func places(of id: FindingID) throws -> StatedPlaces {
        if let known = places[id] { return known }
        guard work > 0, placeCount <= VEXLimits.places else { throw Self.tooMuch }
        let found = try store.statedPlaces(of: id)
        work -= VEXLimits.workOfLook + found.items.count
        placeCount += found.items.count
        places[id] = found
        return found
    }
}
