import ArgumentParser
import Foundation

/// How long a new key works: the server's 90 days unless something else is said.
struct KeyLifetime: ParsableArguments {
    @Option(help: ArgumentHelp("Stop working after so many days.", valueName: "days"))
    var expiresInDays: Int?

    @Option(help: ArgumentHelp("Stop working at this time, as 2027-01-31T00:00:00Z.", valueName: "time"))
    var expiresAt: String?

    @Flag(help: "Work until it is revoked.")
    var neverExpires = false

    func validate() throws {
        let said = [expiresInDays != nil, expiresAt != nil, neverExpires].filter { $0 }.count
        guard said <= 1 else {
            throw ValidationError("give only one of --expires-in-days, --expires-at and --never-expires")
        }
        if let expiresInDays, !(1...36_500).contains(expiresInDays) {
            throw ValidationError("--expires-in-days must be from 1 to 36500")
        }
        if let expiresAt, Timestamp.date(expiresAt) == nil {
            throw ValidationError("--expires-at must be a time as in RFC 3339, such as 2027-01-31T00:00:00Z")
        }
    }

    /// `body` with what was said.
    func adding(to body: JSONValue, now: Date) -> JSONValue {
        if neverExpires { return body.adding("neverExpires", .bool(true)) }
        if let expiresAt { return body.adding("expiresAt", .string(expiresAt)) }
        guard let expiresInDays else { return body }
        let end = now.addingTimeInterval(Double(expiresInDays) * 86_400)
        return body.adding("expiresAt", .string(end.formatted(.iso8601)))
    }
}
