import OCI

/// The repositories that a user names on a credential, for registries that list none.
///
/// They are stored as one text with commas between them, which no name holds.
public struct RepositoryNames: Sendable {
    /// What one kind allows.
    public struct Rule: Sendable {
        /// Hosts that mean this registry and may stand in front of a name; the registry's own address is always one.
        public let hosts: Set<String>
        /// What a name of one part is taken to be in: `library` on Docker Hub.
        public let defaultNamespace: String?

        init(hosts: Set<String> = [], defaultNamespace: String? = nil) {
            self.hosts = hosts
            self.defaultNamespace = defaultNamespace
        }
    }

    /// More would be a catalogue, and every one of them costs a request to prove.
    public static let countLimit = 250
    /// All of them with their commas, in bytes: what one row of the database may grow by.
    public static let textLimitInBytes = 16 * 1024
    /// Characters of one name. Source: distribution/reference, reference.go.
    public static let nameLimit = 255

    /// In the order they were given, without repetitions.
    public let names: [String]
    /// What was corrected on the way, for the user to read.
    let notes: [String]

    /// Reads back what was stored.
    public init(stored text: String?) {
        names = text.map { $0.split(separator: ",").map(String.init) } ?? []
        notes = []
    }

    /// Reads what a request gives; `host` is the registry's own, with its port where it has one.
    init(_ value: FieldValue, field: String, rule: Rule, host: String?) throws(FieldError) {
        let raw: [Substring]
        switch value {
        case .absent: raw = []
        case .string(let text): raw = text.split { $0 == "," || $0.isWhitespace }
        case .list(let texts): raw = texts.map { $0[...] }
        case .other(let type): throw FieldError(field, "must be an array of names, or names with commas, not \(type)")
        }
        guard raw.count <= RepositoryNames.countLimit else {
            throw FieldError(field, "must have at most \(RepositoryNames.countLimit) names")
        }
        var names: [String] = []
        var notes: [String] = []
        var seen: Set<String> = []
        for (index, text) in raw.enumerated() {
            let (name, note) = try RepositoryNames.name(text, place: "\(field)[\(index)]", rule: rule, host: host)
            if seen.insert(name).inserted { names.append(name) }
            if let note, !notes.contains("\(field): \(note)") { notes.append("\(field): \(note)") }
        }
        guard names.reduce(0, { $0 + $1.utf8.count + 1 }) <= RepositoryNames.textLimitInBytes else {
            throw FieldError(field, "must have at most \(RepositoryNames.textLimitInBytes) bytes in all")
        }
        self.names = names
        self.notes = notes
    }

    /// The form that is stored.
    var stored: String { names.joined(separator: ",") }

    private static func name(
        _ raw: Substring,
        place: String,
        rule: Rule,
        host: String?
    ) throws(FieldError) -> (name: String, note: String?) {
        var note: String?
        var rest = raw.trimming { $0.isWhitespace }
        for prefix in ["https://", "http://"] where rest.lowercased().hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        rest = rest.trimming { $0 == "/" }
        let first = rest.prefix { $0 != "/" }
        if first.endIndex < rest.endIndex, isHost(first) {
            guard first.lowercased() == host || rule.hosts.contains(first.lowercased()) else {
                throw FieldError(place, "names another registry than this credential's")
            }
            rest = rest[first.endIndex...].dropFirst()
            // The pages of a repository on Docker Hub: hub.docker.com/r/namespace/name.
            if rule.hosts.contains("hub.docker.com"), rest.hasPrefix("r/") { rest = rest.dropFirst(2) }
            note = "the registry's host was cut off"
        }
        guard !rest.contains("@"), !rest.contains(":") else {
            throw FieldError(place, "must be a repository, without a tag or digest behind it")
        }
        guard !rest.contains(where: { $0.isUppercase }) else { throw FieldError(place, "must be in lower case") }
        var name = String(rest)
        if let namespace = rule.defaultNamespace, !name.contains("/") {
            name = "\(namespace)/\(name)"
            note = "names of one part were read as \(namespace)/…"
        }
        guard ImageReference.isRepository(name) else {
            throw FieldError(
                place,
                "must be parts of a-z and 0-9, with . _ or - inside them and / between them, at most "
                    + "\(nameLimit) characters"
            )
        }
        return (name, note)
    }

    /// Whether the first part of a reference is a host. Source: distribution/reference, normalize.go.
    private static func isHost(_ part: Substring) -> Bool {
        part.contains(".") || part.contains(":") || part == "localhost" || part.contains { $0.isUppercase }
    }
}

extension Substring {
    fileprivate func trimming(_ isCut: (Character) -> Bool) -> Substring {
        var rest = drop(while: isCut)
        while let last = rest.last, isCut(last) { rest.removeLast() }
        return rest
    }
}
