import Registries
import Synchronization

/// Name service of a test: each name has a list of answers, one for each look-up, the last for all that follow.
final class ScriptedNames: Sendable {
    private let answers: Mutex<[String: [[String]]]>
    private let asked = Mutex<[String]>([])

    init(_ answers: [String: [[String]]]) { self.answers = Mutex(answers) }

    /// Names at loopback.
    convenience init(loopback names: String...) {
        self.init(Dictionary(uniqueKeysWithValues: names.map { ($0, [["127.0.0.1"]]) }))
    }

    /// The names that were looked up, in order.
    var lookUps: [String] { asked.withLock { $0 } }

    var resolver: HostResolver { HostResolver { try self.lookUp($0) } }

    /// The next answer for `host`.
    func lookUp(_ host: String) throws -> [String] {
        asked.withLock { $0.append(host) }
        return try answers.withLock { answers in
            guard var list = answers[host], let next = list.first else {
                throw RegistryError(.unreachable, "the host \(host) is not known to the test")
            }
            if list.count > 1 {
                list.removeFirst()
                answers[host] = list
            }
            return next
        }
    }
}
