import Foundation
import Storage
import Tenancy

/// What the statements of a document say of one finding, place by place: a later one over the earlier.
struct VEXVerdict: Sendable {
    /// What one statement says.
    struct Said: Sendable {
        /// The number of the statement.
        let order: Int
        let change: VEXImport.Change
    }

    let finding: StatedFinding
    /// What was said last.
    private(set) var last: Said
    /// Nil while no statement named places.
    private var places: StatedPlaces?
    private var everywhere: Said?
    /// By the number of the place.
    private var here: [Int: Said] = [:]

    /// Nothing is said yet but by `said`, to which ``say(_:)`` or ``say(_:at:of:)`` tell its places.
    init(_ finding: StatedFinding, _ said: Said) {
        self.finding = finding
        last = said
    }

    /// Says it of every place.
    mutating func say(_ said: Said) {
        last = said
        everywhere = said
        here = [:]
    }

    /// Says it of some of the finding's places.
    mutating func say(_ said: Said, at numbers: [Int], of places: StatedPlaces) {
        last = said
        self.places = places
        for number in numbers { here[number] = said }
    }

    /// Places that nothing silences.
    var others: [StatedPlace] {
        (places?.items ?? []).enumerated().filter { !((here[$0.offset] ?? everywhere)?.change.silences ?? false) }
            .map(\.element)
    }

    /// Whether the last statement silences more than it is about: the decision is on the finding, which all of its places have.
    var isWider: Bool {
        guard last.change.silences else { return false }
        let isKnown = everywhere?.change.silences == true || places?.isWhole ?? true
        return !isKnown || !others.isEmpty
    }

    /// The decision; nil leaves the finding as it is. Where the last one would be too wide it is the last of those that silence nothing
    /// and still hold somewhere.
    func change(allowsWider: Bool) -> VEXImport.Change? {
        guard isWider, !allowsWider else { return last.change }
        return ([everywhere].compactMap { $0 } + here.values).filter { !$0.change.silences }.max {
            $0.order < $1.order
        }?
        .change
    }

    /// By statements, then by ids, so that one document always gives one answer.
    func isBefore(_ other: VEXVerdict) -> Bool {
        (last.order, "\(finding.id)") < (other.last.order, "\(other.finding.id)")
    }
}
