import Foundation
import Hummingbird
import Registries
import Storage
import Tenancy

/// The parameters of a list's query. As with bodies, every rule adds its complaint, and ``finish()`` throws them together.
///
/// `a=1&a=2`, `a[]=1` and `a=1,2` are the same. An empty value is as good as none, but for an id or a day.
struct QueryFields {
    private let request: Request
    private var errors: [FieldError] = []

    /// A text that is searched for need not be longer.
    static let textLimit = 255

    init(_ request: Request) { self.request = request }

    /// Every word of `name`, in lower case where `isFolded`.
    private func words(_ name: String, isFolded: Bool = true) -> [String] {
        let query = request.uri.queryParameters
        return [name, "\(name)[]", "\(name)%5B%5D"].flatMap { query[values: Substring($0)] }
            .flatMap { $0.split(separator: ",") }
            .map { isFolded ? $0.lowercased() : String($0) }
    }

    /// Adds a complaint.
    mutating func complain(_ name: String, _ message: String) { errors.append(FieldError(name, message)) }

    /// Words of `Choice`, in either case.
    mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String,
        as type: Choice.Type = Choice.self
    ) -> Set<Choice> where Choice.RawValue == String {
        choices(name, of: Dictionary(Choice.allCases.map { ($0.rawValue, [$0]) }) { first, _ in first })
    }

    /// What the words of `name` stand for, all together.
    mutating func choices<Choice: Hashable>(_ name: String, of meanings: [String: Set<Choice>]) -> Set<Choice> {
        var found: Set<Choice> = []
        for word in words(name) {
            guard let meaning = meanings[word] else {
                complain(name, "must be one of: \(meanings.keys.sorted().joined(separator: ", "))")
                return []
            }
            found.formUnion(meaning)
        }
        return found
    }

    /// What the one word of `name` stands for, in either case.
    mutating func choice<Choice>(_ name: String, of meanings: [String: Choice]) -> Choice? {
        guard let text = text(name)?.lowercased() else { return nil }
        guard let meaning = meanings.first(where: { $0.key.lowercased() == text })?.value else {
            complain(name, "must be one of: \(meanings.keys.sorted().joined(separator: ", "))")
            return nil
        }
        return meaning
    }

    /// A text of at most ``textLimit`` characters.
    mutating func text(_ name: String) -> String? {
        guard let text = request.uri.queryParameters[Substring(name)], !text.isEmpty else { return nil }
        guard text.count <= Self.textLimit, text.unicodeScalars.allSatisfy({ $0.value >= 32 }) else {
            complain(name, "must be at most \(Self.textLimit) characters without controls")
            return nil
        }
        return String(text)
    }

    /// An id; an empty text is wrong, so that a filter which somebody meant to fill in is not left out.
    mutating func id<ID: Identifier>(_ name: String, as type: ID.Type = ID.self) -> ID? {
        guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
        if let id = ID(String(text)) { return id }
        complain(name, "must be a UUID")
        return nil
    }

    /// A day of the years 1970 to 9999; an empty text is wrong, as for an id.
    mutating func day(_ name: String) -> Day? {
        guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
        // What reads dates takes the 30th of February for the 2nd of March.
        let day = Date(rfc3339: "\(text)T00:00:00Z").map { Day($0) }
        if let day, day.number >= 0, day.text == text { return day }
        complain(name, "must be a day, 2026-11-24 for one")
        return nil
    }

    /// `true` or `false`.
    mutating func flag(_ name: String) -> Bool? {
        switch text(name)?.lowercased() {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            complain(name, "must be true or false")
            return nil
        }
    }

    /// The page, or every complaint.
    func finish() throws(APIError) -> Paging {
        let paging: Paging
        do {
            paging = try Paging(request)
        } catch {
            throw .invalid(errors + error.errors)
        }
        guard errors.isEmpty else { throw .invalid(errors) }
        return paging
    }
}
