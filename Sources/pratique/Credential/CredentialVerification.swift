/// What probing a credential came to, as the server tells it.
struct CredentialVerification: Decodable, Sendable {
    struct Step: Decodable, Sendable {
        let name: String
        let outcome: String
        let detail: String?
        let code: String?
        let durationMilliseconds: Int?
    }

    struct Rights: Decodable, Sendable {
        let held: [String]?
        let missing: [String]?
        let excess: [String]?
    }

    let state: String
    let steps: [Step]?
    let rights: Rights?
    let expiresAt: String?
    let expirySource: String?
    let registryVersion: String?
    let advice: String?
    let checkedAt: String?

    /// Works, whether or not it holds more than it needs.
    var isGood: Bool { state == "verified" || state == "excessive" }

    /// The steps, one a line, then what they come to.
    func report(styled: Bool) -> String {
        let steps = steps ?? []
        let width = steps.map(\.name.count).max() ?? 0
        let lines = steps.map { step in
            let (mark, paint) = Self.marks[step.outcome] ?? ("?", .dim)
            let name = step.name + String(repeating: " ", count: max(0, width - step.name.count))
            let took = step.durationMilliseconds.flatMap { $0 > 0 ? "  (\($0) ms)" : nil } ?? ""
            return "  \(paint(mark, styled: styled)) \(PrintableText.strip(name))  "
                + PrintableText.strip(step.detail ?? "") + Paint.dim(took, styled: styled && !took.isEmpty) + "\n"
        }
        return lines.joined() + summary(styled: styled)
    }

    private static let marks: [String: (String, Paint)] = [
        "passed": ("✓", .green), "warning": ("!", .yellow), "failed": ("✗", .red), "skipped": ("-", .dim),
    ]

    private static let paints: [String: Paint] = [
        "verified": .green, "excessive": .yellow, "insufficient": .red, "rejected": .red, "unreachable": .red,
        "unverified": .yellow,
    ]

    private func summary(styled: Bool) -> String {
        let fields: [(String, String?)] = [
            ("Registry", registryVersion), ("Rights", Self.list(rights?.held)), ("Missing", Self.list(rights?.missing)),
            ("Too much", Self.list(rights?.excess)), ("Expires", expiry), ("Advice", advice),
        ]
        let told = fields.compactMap { name, value in value.map { (name, $0) } }
        let width = max(told.map(\.0.count).max() ?? 0, "State".count)
        func line(_ name: String, _ value: String) -> String {
            let padding = String(repeating: " ", count: width - name.count)
            return Paint.bold(name, styled: styled) + padding + "  " + value + "\n"
        }
        let paint = Self.paints[state] ?? .dim
        return line("State", paint(state, styled: styled))
            + told.map { line($0.0, PrintableText.strip($0.1)) }.joined()
    }

    private var expiry: String? {
        switch (expiresAt, expirySource) {
        case (let time?, let source?): "\(time) (\(Self.sources[source] ?? source))"
        case (let time?, nil): time
        case (nil, "registry"?), (nil, "token"?), (nil, "user"?): "never"
        default: "unknown; tell it with --expires-at when it is stored or rotated"
        }
    }

    private static let sources = [
        "registry": "the registry says so", "token": "the token says so", "user": "as somebody said",
    ]

    private static func list(_ words: [String]?) -> String? {
        guard let words, !words.isEmpty else { return nil }
        return words.joined(separator: ", ")
    }
}
