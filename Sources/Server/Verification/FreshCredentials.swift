import Storage
import Tenancy

/// Credentials that were stored or rotated and are not in the schedule yet. Organizations take turns here too, so that a flood of
/// one puts nobody else's off.
struct FreshCredentials {
    private var queues: [OrganizationID: ArraySlice<CredentialID>] = [:]
    /// Every organization with a queue, the next to be served first.
    private var turns: [OrganizationID] = []
    /// How many wait.
    private(set) var count = 0

    /// Adds one behind those of its organization.
    mutating func add(_ id: CredentialID, of organization: OrganizationID) {
        if queues[organization, default: []].isEmpty { turns.append(organization) }
        queues[organization, default: []].append(id)
        count += 1
    }

    /// Takes at most `limit`, one of each organization before a second of any.
    mutating func take(_ limit: Int) -> [CredentialID] {
        var taken: [CredentialID] = []
        while taken.count < limit, !turns.isEmpty {
            // A round at a time, so that moving up costs each organization once and not each credential.
            let round = turns.prefix(limit - taken.count)
            turns.removeFirst(round.count)
            for organization in round {
                guard var queue = queues.removeValue(forKey: organization), let first = queue.popFirst() else {
                    continue
                }
                taken.append(first)
                if !queue.isEmpty {
                    queues[organization] = queue
                    turns.append(organization)
                }
            }
        }
        count -= taken.count
        return taken
    }
}
