/// A repository, as the server's lists of images tell it.
struct RegistryImage: Decodable, Sendable {
    let name: String
    let repositoryName: String?
    let reference: String?
    let artifactCount: Int64?
    let pullCount: Int64?
    let updatedAt: String?

    static let header = ["REPOSITORY", "REFERENCE", "ARTIFACTS", "PULLS", "UPDATED"]

    var row: [String] {
        [
            repositoryName ?? name, reference ?? "", artifactCount.map { "\($0)" } ?? "",
            pullCount.map { "\($0)" } ?? "", updatedAt ?? "",
        ]
    }
}

/// A tag, as the server's lists of tags tell it.
struct RegistryTag: Decodable, Sendable {
    let name: String
    let digest: String?
    let size: Int64?
    let pushTime: String?
    let kind: String?
    let platforms: [String]?

    static let header = ["TAG", "DIGEST", "SIZE", "PUSHED", "KIND", "PLATFORMS"]

    var row: [String] {
        [
            name, shortDigest, size.flatMap { $0 > 0 ? ByteCount.text($0) : nil } ?? "", pushTime ?? "", kind ?? "",
            platforms?.joined(separator: " ") ?? "",
        ]
    }

    /// Twelve digits are enough for eyes; JSON has them all.
    private var shortDigest: String {
        guard let digest, let colon = digest.firstIndex(of: ":") else { return digest ?? "" }
        return String(digest[...colon]) + digest[colon...].dropFirst().prefix(12)
    }
}
