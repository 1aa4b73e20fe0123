/// Everything that the rest of the program needs to know of one registry kind. Routes, storage, the OpenAPI document and the
/// command line are written once over it; a new kind is a folder with one of these, and its line in ``all``.
///
/// It is a class only so that passing it on copies nothing; every instance is made in its folder and never changes.
public final class RegistryDescription: Sendable {
    /// The word in paths and in the database.
    public let kind: RegistryKind
    /// The name that its makers write: `Harbor`.
    public let title: String
    /// What a store request carries beside `projectId`, `name` and `description`, in the order of the documents.
    public let fields: [RegistryField]
    /// The field whose value names the credential when the user gives no name.
    public let nameField: String
    /// The field with the name to log in with: in all kinds so far the one that names the credential.
    var usernameField: String { nameField }
    /// Where the registry is.
    public let address: Address
    /// The member of the organization-wide list that carries the kind's own fields, and which fields those are.
    public let details: (member: String, fields: [String])
    /// How the API words the lists of what the registry holds.
    public let browse: BrowseDialect

    /// Where a registry is, and how the API tells it.
    public enum Address: Sendable {
        /// In this field of the credential.
        case field(String)
        /// Always here. The API tells it as `registryUrl`, but not in the items of the published list.
        case fixed(String)
    }

    /// Every kind that Pratique supports.
    public static let all: [RegistryDescription] = [.harbor, .dockerHub, .oci]

    /// The fields that anybody who may read the credential sees.
    public let publicFields: [RegistryField]

    /// The public fields that the documented answers show: those that every credential has.
    public let documentedFields: [RegistryField]

    /// The public fields that a credential may lack; answers of ours show those that it has.
    public let optionalFields: [RegistryField]

    /// The fields that are sealed.
    public let secretFields: [RegistryField]

    /// What the kind makes of a request before the rules are applied: a pasted file taken apart, for one.
    let interpret: (@Sendable (inout FieldReading) -> Void)?

    init(
        kind: RegistryKind,
        title: String,
        fields: [RegistryField],
        nameField: String,
        address: Address,
        details: (member: String, fields: [String]),
        browse: BrowseDialect = BrowseDialect(),
        interpret: (@Sendable (inout FieldReading) -> Void)? = nil
    ) {
        self.kind = kind
        self.title = title
        self.fields = fields
        self.nameField = nameField
        self.address = address
        self.details = details
        self.browse = browse
        self.interpret = interpret
        publicFields = fields.filter { !$0.isSecret }
        documentedFields = fields.filter { !$0.isSecret && $0.isRequired }
        optionalFields = fields.filter { !$0.isSecret && !$0.isRequired }
        secretFields = fields.filter(\.isSecret)
    }

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.kind.description, $0) })

    /// The registry's URL, given a credential's public fields.
    public func url(of publicFields: [String: String]) -> String {
        switch address {
        case .field(let name): publicFields[name] ?? ""
        case .fixed(let url): url
        }
    }
}
