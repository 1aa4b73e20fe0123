/// How the API words the lists of what a registry of one kind holds. The published operations differ by kind; one that has none
/// there takes the default.
public struct BrowseDialect: Sendable {
    /// Whether the credential stands in the path, `…/credentials/{credentialId}/images`, or in the query,
    /// `…/images?credentialId=`.
    public var credentialIsInPath = true
    /// The name of the path parameter that names a repository.
    public var repositoryParameter = "repository"
    /// Where the kind sorts repositories into projects or namespaces: what they are called there.
    public var project: Project?
    /// Whether every member of an item is always told, because the published schema requires it: an unknown text is empty then,
    /// an unknown number 0. Otherwise a member that the registry does not tell is left out.
    public var tellsEveryMember = false

    /// What sorts the repositories of a registry: a project of Harbor, a namespace of Docker Hub.
    public struct Project: Sendable {
        /// The public field of the credential that names its own one.
        public let field: String
        /// The query parameter that names another one.
        public let parameter: String
        /// What it is called: `Harbor project`.
        public let title: String
        /// Whether there is an operation that lists them.
        public let isListed: Bool
        /// Whether ``RegistryImage/name`` begins with it.
        public let isInImageNames: Bool

        /// What sorts repositories.
        public init(field: String, parameter: String, title: String, isListed: Bool, isInImageNames: Bool) {
            self.field = field
            self.parameter = parameter
            self.title = title
            self.isListed = isListed
            self.isInImageNames = isInImageNames
        }
    }

    /// The dialect of a kind that the published API does not have.
    public init() {}
}
