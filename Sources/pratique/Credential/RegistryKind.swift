import ArgumentParser

/// The kinds of registry that this command line can store and rotate credentials for.
enum RegistryKind: String, CaseIterable, ExpressibleByArgument {
    case harbor
    case dockerhub
    case oci

    /// The name of the secret in the bodies of the API.
    var secretField: String {
        switch self {
        case .harbor, .oci: "password"
        case .dockerhub: "accessToken"
        }
    }

    /// Where the lists of what the registry holds take the credential: in their path, or in their query as `credentialId`.
    var credentialIsInPath: Bool { self != .dockerhub }

    /// The query parameter of these lists that names another project of the registry; nil where there are none.
    var registryProjectParameter: String? {
        switch self {
        case .harbor: "harborProject"
        case .dockerhub: "namespace"
        case .oci: nil
        }
    }

    /// The name of the secret for people.
    var secretLabel: String {
        switch self {
        case .harbor, .oci: "password"
        case .dockerhub: "access token"
        }
    }
}
