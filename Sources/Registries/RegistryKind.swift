/// Which registry a credential is for: the word in the paths, `harbor` or `dockerhub`.
public struct RegistryKind: Sendable, Hashable, CustomStringConvertible {
    /// The word.
    public let description: String

    /// A kind of this name; use the constants of the kinds' own folders.
    init(_ name: String) { description = name }

    /// The kind of this name, if Pratique supports it.
    public init?(named name: String) {
        guard let found = RegistryDescription.byName[name] else { return nil }
        self = found.kind
    }

    /// Everything that is known of the kind.
    public var registry: RegistryDescription {
        // Every kind is made in the folder of its description, so it is always found; a test holds it.
        RegistryDescription.byName[description] ?? .oci
    }
}
