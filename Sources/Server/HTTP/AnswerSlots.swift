import HTTPTypes
import Storage
import Synchronization
import Tenancy

/// Counts answers of one kind that take long, so that nobody takes every connection, or all memory, for himself.
final class AnswerSlots: Sendable {
    private let limitOfOne: Int
    private let limit: Int
    private let refusal: APIError
    private let open = Mutex(Open())

    private struct Open {
        var all = 0
        var ofKeys: [APIKeyID: Int] = [:]
        var ofProjects: [ProjectID: Int] = [:]
    }

    /// At most `limitOfOne` for one key, and for one project, and `limit` for all; one more is answered with `refusal`.
    init(limitOfOne: Int, limit: Int, refusal: APIError) {
        (self.limitOfOne, self.limit, self.refusal) = (limitOfOne, limit, refusal)
    }

    /// One answer's place; it is free again when this goes.
    final class Slot: Sendable {
        private let slots: AnswerSlots
        private let key: APIKeyID
        private let project: ProjectID

        fileprivate init(_ slots: AnswerSlots, _ key: APIKeyID, _ project: ProjectID) {
            (self.slots, self.key, self.project) = (slots, key, project)
        }

        deinit { slots.leave(key, project) }
    }

    /// How many are open.
    var count: Int { open.withLock { $0.all } }

    /// A place for an answer to `key` about `project`. Throws 429 when all are taken.
    func take(_ key: APIKeyID, _ project: ProjectID) throws(APIError) -> Slot {
        let isTaken = open.withLock { open in
            let (ofKey, ofProject) = (open.ofKeys[key] ?? 0, open.ofProjects[project] ?? 0)
            guard open.all < limit, ofKey < limitOfOne, ofProject < limitOfOne else { return false }
            open.all += 1
            open.ofKeys[key] = ofKey + 1
            open.ofProjects[project] = ofProject + 1
            return true
        }
        guard isTaken else { throw refusal }
        return Slot(self, key, project)
    }

    private func leave(_ key: APIKeyID, _ project: ProjectID) {
        open.withLock { open in
            open.all -= 1
            open.ofKeys[key] = open.ofKeys[key].flatMap { $0 > 1 ? $0 - 1 : nil }
            open.ofProjects[project] = open.ofProjects[project].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }
}

extension AnswerSlots {
    /// Streams of events: a page that shows a few scans, and some colleagues' pages; of all together a quarter of the connections
    /// (``RequestLimits/connections``), and as many reads in half a second.
    static func events() -> AnswerSlots {
        AnswerSlots(
            limitOfOne: 16,
            limit: 512,
            refusal: APIError(
                status: .tooManyRequests,
                code: .tooManyStreams,
                message: "too many streams of events are open for this key, this project or this server",
                hint: "Close one, or ask for the scan itself now and then",
                retryAfter: 5
            )
        )
    }
}
