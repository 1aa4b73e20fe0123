import OCI
import Registries
import Storage

extension ImageReference {
    /// The image that a scan request names, of any registry.
    static func publicImage(_ name: String) throws(FieldComplaint) -> ImageReference {
        do {
            return try ImageReference(name)
        } catch {
            throw FieldComplaint(message: error.message)
        }
    }

    /// The image that a scan request names, in the registry of `credential`: what has no host is of that registry, and a name of one
    /// part is in the credential's own project where the kind has projects. Another host is refused, so that the secret is not asked
    /// for where it does not belong. Source: published contract, `my-app:v1.0.0` for Harbor, `myuser/myapp:v1.0.0` for Docker Hub.
    static func image(_ name: String, of credential: Credential) throws(FieldComplaint) -> ImageReference {
        let plain = try publicImage(name)
        guard let host = credential.imageHost else { return try inDockerHub(plain) }
        let path = name.drop { $0 == " " || $0 == "\t" }
        let firstPart = path.split(separator: "/", omittingEmptySubsequences: false).first ?? ""
        let namesHost =
            plain.registry != ImageReference.dockerHub || firstPart.contains(".") || firstPart.contains(":")
        let hasHost = path.contains("/") && namesHost
        if hasHost {
            guard plain.registry == host else {
                throw FieldComplaint(message: "names another registry than the credential's, which is \(host)")
            }
            return plain
        }
        let prefix = path.contains("/") ? "" : credential.imageProject.map { "\($0)/" } ?? ""
        return try publicImage("\(host)/\(prefix)\(path)")
    }

    private static func inDockerHub(_ image: ImageReference) throws(FieldComplaint) -> ImageReference {
        guard image.registry == ImageReference.dockerHub else {
            throw FieldComplaint(message: "names another registry than Docker Hub")
        }
        return image
    }

    /// What images of this reference are kept under.
    var repositoryName: String { "\(registry)/\(repository)" }
}

/// What is wrong with one field; to stand after its name.
struct FieldComplaint: Error {
    let message: String
}

extension Credential {
    /// The host in references to images; nil for Docker Hub, which has none of its own.
    fileprivate var imageHost: String? {
        let url = ["harborUrl", "registryUrl"].compactMap { publicFields[$0] }.first
        guard kind != RegistryDescription.dockerHub.kind, let url else { return nil }
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return rest.prefix { $0 != "/" }.lowercased()
    }

    /// What a name of one part is in.
    fileprivate var imageProject: String? { publicFields["harborProject"] }
}
