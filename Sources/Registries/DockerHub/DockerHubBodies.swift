import Foundation
import OCI

/// A page of any of the API's lists. Its `next` is an absolute address of any host and is not followed: pages are numbered.
struct DockerHubList<Item: Decodable & Sendable>: Decodable {
    let count: Int?
    let items: [Item]

    private enum CodingKeys: String, CodingKey {
        case count
        case results
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = container.lenient(Int.self, .count).flatMap { $0 >= 0 ? $0 : nil }
        items = try (container.decodeIfPresent([LenientItem<Item>].self, forKey: .results) ?? []).compactMap(\.value)
    }
}

/// Source: Docker Hub API reference, `repository_list_entry` and `repository_info`.
struct DockerHubRepository: Decodable, Sendable {
    let name: String
    let namespace: String
    let description: String?
    let isPrivate: Bool
    let pullCount: Int?
    let createdAt: Date?
    let updatedAt: Date?

    private enum CodingKeys: String, CodingKey {
        case name
        case namespace
        case description
        case isPrivate = "is_private"
        case pullCount = "pull_count"
        case createdAt = "date_registered"
        case updatedAt = "last_updated"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        namespace = try container.decode(String.self, forKey: .namespace)
        description = container.lenient(String.self, .description).flatMap { $0.isEmpty ? nil : $0 }
        isPrivate = container.lenient(Bool.self, .isPrivate) ?? false
        pullCount = container.lenient(Int.self, .pullCount)
        createdAt = RegistryTime.date(container.lenient(String.self, .createdAt))
        updatedAt = RegistryTime.date(container.lenient(String.self, .updatedAt))
    }

    var path: String { "\(namespace)/\(name)" }

    var listed: RegistryImage {
        var image = RegistryImage(dockerHub: path)
        image.description = description
        image.isPrivate = isPrivate
        image.pullCount = pullCount
        image.createdAt = createdAt
        image.updatedAt = updatedAt
        return image
    }
}

extension RegistryImage {
    /// A repository of Docker Hub, of which nothing but its name is known.
    init(dockerHub path: String) { self.init(name: path, reference: "\(ImageReference.dockerHub)/\(path)") }
}

/// Source: Docker Hub API reference, `tag`; where it differs from what is sent, what is sent.
struct DockerHubTag: Decodable, Sendable {
    let name: String
    let digest: Digest?
    let size: Int64?
    let pushedAt: Date?
    let pulledAt: Date?
    let type: String?
    let images: [Image]

    struct Image: Decodable, Sendable {
        let digest: Digest?
        let platform: Platform?

        private enum CodingKeys: String, CodingKey {
            case os
            case architecture
            case variant
            case digest
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            digest = container.lenient(Digest.self, .digest)
            let variant = container.lenient(String.self, .variant).flatMap { $0.isEmpty ? nil : $0 }
            if let os = container.lenient(String.self, .os),
                let architecture = container.lenient(String.self, .architecture),
                os != "unknown", !os.isEmpty
            {
                platform = Platform(os: os, architecture: architecture, variant: variant)
            } else {
                platform = nil
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case digest
        case size = "full_size"
        case pushedAt = "tag_last_pushed"
        case pulledAt = "tag_last_pulled"
        case updatedAt = "last_updated"
        case type = "content_type"
        case images
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        size = container.lenient(Int64.self, .size)
        pushedAt =
            RegistryTime.date(container.lenient(String.self, .pushedAt))
            ?? RegistryTime.date(container.lenient(String.self, .updatedAt))
        pulledAt = RegistryTime.date(container.lenient(String.self, .pulledAt))
        type = container.lenient(String.self, .type)
        // Documented as one object; in truth an array.
        let several = container.lenient([LenientItem<Image>].self, .images)?.compactMap(\.value)
        let all = several ?? [container.lenient(Image.self, .images)].compactMap(\.self)
        images = Array(all.prefix(64))
        // Old entries lack the digest of the tag; that of the one image is the tag's only where there is no index above it.
        digest = container.lenient(Digest.self, .digest)
    }

    var listed: RegistryTag {
        var tag = RegistryTag(name: name)
        tag.digest = digest
        tag.sizeInBytes = size
        tag.pushedAt = pushedAt
        tag.pulledAt = pulledAt
        tag.kind =
            RegistryTag.ArtifactKind(tagName: name) ?? type.flatMap { RegistryTag.ArtifactKind(typeName: $0) } ?? .image
        tag.platforms = images.compactMap(\.platform)
        return tag
    }
}
