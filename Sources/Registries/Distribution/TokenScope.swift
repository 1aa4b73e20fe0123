/// One right as token services name it: `repository:library/alpine:pull`. Source: distribution, docs/spec/auth/scope.md.
public struct TokenScope: Sendable, Hashable, CustomStringConvertible {
    /// `repository`, `registry`, perhaps with a class: `repository(plugin)`.
    public let type: String
    /// `library/alpine`, `catalog`.
    public let name: String
    /// `pull`, `push`, `delete`, `*`, sorted and without doubles.
    public let actions: [String]

    /// A right.
    public init(type: String, name: String, actions: some Sequence<String>) {
        self.type = type
        self.name = name
        self.actions = Set(actions).sorted()
    }

    /// Parses `type:name:action,action`; the name may hold colons. Nil when it is no such text or longer than 1 KiB.
    public init?(_ text: String) {
        guard text.utf8.count <= 1_024, let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"),
            first < last
        else { return nil }
        let name = text[text.index(after: first)..<last]
        guard first > text.startIndex, !name.isEmpty else { return nil }
        self.init(
            type: String(text[..<first]),
            name: String(name),
            actions: text[text.index(after: last)...].split(separator: ",").map(String.init)
        )
    }

    /// Pulling from `repository`.
    public static func pull(_ repository: String) -> TokenScope {
        TokenScope(type: "repository", name: repository, actions: ["pull"])
    }

    /// Listing the registry's repositories.
    public static let catalog = TokenScope(type: "registry", name: "catalog", actions: ["*"])

    /// `type:name:action,action`.
    public var description: String { "\(type):\(name):\(actions.joined(separator: ","))" }

    /// `scopes` with the actions of one thing together. The order stays, since some services look at the first only.
    static func merged(_ scopes: [TokenScope]) -> [TokenScope] {
        var result: [TokenScope] = []
        for scope in scopes {
            if let index = result.firstIndex(where: { $0.type == scope.type && $0.name == scope.name }) {
                result[index] = TokenScope(
                    type: scope.type,
                    name: scope.name,
                    actions: result[index].actions + scope.actions
                )
            } else {
                result.append(scope)
            }
        }
        return result
    }
}
