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

    /// The name of the secret for people.
    var secretLabel: String {
        switch self {
        case .harbor, .oci: "password"
        case .dockerhub: "access token"
        }
    }
}
