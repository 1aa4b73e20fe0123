/// Which registry a credential is for: the word in the paths, `harbor` or `dockerhub`.
public struct RegistryKind: Sendable, Hashable, CustomStringConvertible {
    /// The word.
    public let description: String

    /// A kind of this name; use the constants of the kinds' own folders.
    init(_ name: String) { description = name }

    /// The kind of this name, if Pratique supports it.
    public init?(named name: some StringProtocol) {
        guard let found = RegistryDescription.all.first(where: { $0.kind.description == name }) else { return nil }
        self = found.kind
    }

    /// Everything that is known of the kind.
    public var registry: RegistryDescription {
        // Every kind is made in the folder of its description, so the first branch always runs; a test holds it.
        RegistryDescription.all.first { $0.kind == self } ?? .oci
    }
}
