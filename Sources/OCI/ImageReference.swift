/// The name of an image as people write it: `alpine`, `ghcr.io/owner/app:1.2`, `host:5000/app@sha256:…`.
///
/// Parsed by the grammar of distribution/reference, and normalized: without a host it is Docker Hub's, and an official image gets
/// its `library/`. Tag and digest may stand together; the digest counts then. Without both, the tag is `latest`.
/// Source: distribution/reference, reference.go and normalize.go.
public struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// `docker.io`, or the registry's `host[:port]`, lower-case; a host of one word that is none but for its capitals keeps them.
    public let registry: String
    /// The repository's path in it: `library/alpine`.
    public let repository: String
    /// The tag; nil when there is only a digest.
    public let tag: String?
    /// The digest, if one was given.
    public let digest: Digest?

    /// Longer input is refused unread: 255 of path, 253 of host, 128 of tag and a digest fit.
    public static let lengthLimit = 1_024

    /// The host that stands for Docker Hub in references.
    public static let dockerHub = "docker.io"

    /// An image of a registry whose parts are known to be good, or ``ValidationError``.
    public init(registry: String, repository: String, tag: String? = nil, digest: Digest? = nil) throws(ValidationError)
    {
        let suffix = (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
        try self.init("\(registry)/\(repository)\(suffix)")
    }

    /// Parses what a user typed. Blanks around it are passed over. Throws ``ValidationError``, which never repeats the input.
    public init(_ raw: String) throws(ValidationError) {
        guard raw.utf8.count <= ImageReference.lengthLimit else { throw ValidationError("is too long") }
        guard raw.utf8.allSatisfy({ $0 < 128 }) else { throw ValidationError("must be plain ASCII") }
        let text = raw.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }
        let trimmed = text.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }.reversed()
        var rest = Substring(String(trimmed))
        guard !rest.isEmpty else { throw ValidationError("is empty") }
        guard !rest.contains("://") else { throw ValidationError("must not have a scheme; begin with the host") }
        guard !ImageReference.isIdentifier(rest) else {
            throw ValidationError("is an image id and not a name")
        }
        if let at = rest.firstIndex(of: "@") {
            do { digest = try Digest(rest[rest.index(after: at)...]) } catch {
                throw ValidationError("has a bad digest")
            }
            rest = rest[..<at]
        } else {
            digest = nil
        }
        let (host, remainder) = ImageReference.splitHost(rest)
        var path = remainder
        if let colon = path.firstIndex(of: ":") {
            let written = path[path.index(after: colon)...]
            guard ImageReference.isTag(written) else { throw ValidationError("has a bad tag") }
            tag = String(written)
            path = path[..<colon]
        } else {
            tag = digest == nil ? "latest" : nil
        }
        registry = try ImageReference.normalizedHost(host)
        let isOfficial = registry == ImageReference.dockerHub && !path.contains("/") && !path.isEmpty
        repository = isOfficial ? "library/\(path)" : String(path)
        try ImageReference.checkPath(repository)
    }

    /// What is asked of the registry: the digest, else the tag.
    public var reference: String { digest?.description ?? tag ?? "latest" }

    /// The full name: `docker.io/library/alpine:latest`.
    public var description: String {
        "\(registry)/\(repository)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// Why a text is no image's name.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong; to stand after the field's name.
        public let message: String

        init(_ message: String) { self.message = message }
    }
}
