/// A package URL: `pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=debian-12`.
///
/// Source: package-url/purl-spec, "Core Specification" and the definitions of the types, as of 2026.
public struct PackageURL: Sendable, Hashable, CustomStringConvertible {
    /// Lower case: `deb`, `npm`.
    public let type: String
    /// Segments parted by slashes, decoded; nil when there is none.
    public let namespace: String?
    /// Decoded.
    public let name: String
    /// Decoded; nil when there is none.
    public let version: String?
    /// Decoded values by lower-case keys; none is empty.
    public let qualifiers: [String: String]
    /// Segments parted by slashes, decoded; nil when there is none.
    public let subpath: String?

    /// Why a text or its parts are no package URL.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong.
        public let message: String

        init(_ message: String) { self.message = message }
    }

    /// A package URL of these parts, brought into the normal form of its type.
    public init(
        type: String,
        namespace: String? = nil,
        name: String,
        version: String? = nil,
        qualifiers: [String: String] = [:],
        subpath: String? = nil
    ) throws(ValidationError) {
        let type = type.lowercased()
        guard PackageURL.isType(type) else {
            throw ValidationError("the type must begin with a letter: letters, digits, . and -")
        }
        let segments = PackageURL.segments(of: namespace ?? "")
        let name = PackageURL.trimmingSlashes(name)
        guard !name.isEmpty else { throw ValidationError("a name is required") }
        var kept: [String: String] = [:]
        for (key, value) in qualifiers where !value.isEmpty {
            let key = key.lowercased()
            guard PackageURL.isQualifierKey(key) else {
                throw ValidationError("a qualifier's key must begin with a letter: letters, digits, ., - and _")
            }
            guard kept.updateValue(value, forKey: key) == nil else { throw ValidationError("a qualifier stands twice") }
        }
        let path = PackageURL.segments(of: subpath ?? "").filter { $0 != "." && $0 != ".." }
        let spelling = PackageURL.spelling(type: type)
        self.type = type
        self.namespace = segments.isEmpty ? nil : spelling.namespace(segments.joined(separator: "/"))
        self.name = spelling.name(name)
        self.version = version.flatMap { $0.isEmpty ? nil : $0 }
        self.qualifiers = kept
        self.subpath = path.isEmpty ? nil : path.joined(separator: "/")
    }

    /// The canonical text.
    public var description: String {
        var text = "pkg:\(type)/"
        for segment in PackageURL.segments(of: namespace ?? "") { text += PackageURL.encoded(segment) + "/" }
        text += PackageURL.encoded(name)
        if let version { text += "@" + PackageURL.encoded(version) }
        if !qualifiers.isEmpty {
            let pairs = qualifiers.sorted { $0.key < $1.key }.map { "\($0.key)=\(PackageURL.encoded($0.value))" }
            text += "?" + pairs.joined(separator: "&")
        }
        if let subpath {
            text += "#" + PackageURL.segments(of: subpath).map(PackageURL.encoded).joined(separator: "/")
        }
        return text
    }

    private typealias Spelling = (namespace: (String) -> String, name: (String) -> String)

    /// What the definition of a type folds. Source: purl-spec, types/*-definition.json.
    private static func spelling(type: String) -> Spelling {
        let kept: (String) -> String = { $0 }
        let lower: (String) -> String = { $0.lowercased() }
        switch type {
        case "deb", "apk", "alpm", "composer", "golang", "github", "bitbucket": return (lower, lower)
        case "rpm": return (lower, kept)
        case "pypi":
            return (
                kept, { $0.lowercased().split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-") }
            )
        default: return (kept, kept)
        }
    }
}
