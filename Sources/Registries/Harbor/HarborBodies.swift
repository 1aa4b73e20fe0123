import Foundation
import OCI

/// Source: Harbor's API description, `Project`. Every field may be missing.
struct HarborProject: Decodable, Sendable {
    let id: Int64
    let name: String
    let isPublic: Bool?
    let isProxyCache: Bool
    let repositoryCount: Int?
    let createdAt: Date?
    let updatedAt: Date?

    private enum CodingKeys: String, CodingKey {
        case id = "project_id"
        case name
        case metadata
        case registry = "registry_id"
        case repositoryCount = "repo_count"
        case createdAt = "creation_time"
        case updatedAt = "update_time"
    }

    private enum MetadataKeys: String, CodingKey { case isPublic = "public" }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Int64.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        isProxyCache = (container.lenient(Int64.self, .registry) ?? 0) != 0
        repositoryCount = container.lenient(Int.self, .repositoryCount)
        createdAt = RegistryTime.date(container.lenient(String.self, .createdAt))
        updatedAt = RegistryTime.date(container.lenient(String.self, .updatedAt))
        // A text and no boolean; asked as both. Missing or of another shape: unknown.
        let metadata = try? container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        isPublic =
            metadata?.lenient(String.self, .isPublic).map { $0 == "true" } ?? metadata?.lenient(Bool.self, .isPublic)
    }

    var listed: RegistryProject {
        var project = RegistryProject(name: name)
        project.id = id
        project.isPublic = isPublic
        project.isProxyCache = isProxyCache
        project.repositoryCount = repositoryCount
        project.createdAt = createdAt
        project.updatedAt = updatedAt
        return project
    }
}

/// Source: Harbor's API description, `Repository`. Its name is the whole path, the project in front.
struct HarborRepository: Decodable, Sendable {
    let name: String
    let project: Int64?
    let description: String?
    let artifactCount: Int?
    let pullCount: Int?
    let createdAt: Date?
    let updatedAt: Date?

    private enum CodingKeys: String, CodingKey {
        case name
        case project = "project_id"
        case description
        case artifactCount = "artifact_count"
        case pullCount = "pull_count"
        case createdAt = "creation_time"
        case updatedAt = "update_time"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        project = container.lenient(Int64.self, .project)
        description = container.lenient(String.self, .description).flatMap { $0.isEmpty ? nil : $0 }
        artifactCount = container.lenient(Int.self, .artifactCount)
        pullCount = container.lenient(Int.self, .pullCount)
        createdAt = RegistryTime.date(container.lenient(String.self, .createdAt))
        updatedAt = RegistryTime.date(container.lenient(String.self, .updatedAt))
    }

    /// Without the project.
    var shortName: String {
        guard let slash = name.firstIndex(of: "/") else { return name }
        return String(name[name.index(after: slash)...])
    }

    func listed(host: String) -> RegistryImage {
        var image = RegistryImage(name: shortName, reference: "\(host)/\(name)")
        image.description = description
        image.artifactCount = artifactCount
        image.pullCount = pullCount
        image.createdAt = createdAt
        image.updatedAt = updatedAt
        return image
    }
}

/// Source: Harbor's API description, `Artifact`.
struct HarborArtifact: Decodable, Sendable {
    let digest: Digest
    let type: String?
    let artifactType: String?
    let size: Int64?
    let pushedAt: Date?
    let pulledAt: Date?
    let tags: [Tag]
    let platforms: [Platform]

    struct Tag: Decodable, Sendable {
        let name: String
        let pushedAt: Date?
        let pulledAt: Date?

        private enum CodingKeys: String, CodingKey {
            case name
            case pushedAt = "push_time"
            case pulledAt = "pull_time"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            pushedAt = RegistryTime.date(container.lenient(String.self, .pushedAt))
            pulledAt = RegistryTime.date(container.lenient(String.self, .pulledAt))
        }
    }

    private struct Reference: Decodable {
        let platform: Platform?

        private enum CodingKeys: String, CodingKey { case platform }

        init(from decoder: any Decoder) throws {
            platform = try decoder.container(keyedBy: CodingKeys.self).lenient(Platform.self, .platform)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case digest
        case type
        case artifactType = "artifact_type"
        case size
        case pushedAt = "push_time"
        case pulledAt = "pull_time"
        case tags
        case references
        case attributes = "extra_attrs"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        digest = try container.decode(Digest.self, forKey: .digest)
        type = container.lenient(String.self, .type)
        artifactType = container.lenient(String.self, .artifactType)
        size = container.lenient(Int64.self, .size)
        pushedAt = RegistryTime.date(container.lenient(String.self, .pushedAt))
        pulledAt = RegistryTime.date(container.lenient(String.self, .pulledAt))
        tags = (container.lenient([LenientItem<Tag>].self, .tags) ?? []).compactMap(\.value)
        let references = container.lenient([LenientItem<Reference>].self, .references) ?? []
        let listed = references.compactMap { $0.value?.platform }.filter { $0.os != "unknown" }
        let own = container.lenient(Platform.self, .attributes)
        platforms = Array((listed.isEmpty ? [own].compactMap(\.self) : listed).prefix(64)).map(\.withoutBlankVariant)
    }

    /// Its tags as we list them.
    var listed: [RegistryTag] {
        tags.map { tag in
            var listed = RegistryTag(name: tag.name)
            listed.digest = digest
            listed.sizeInBytes = size
            listed.pushedAt = tag.pushedAt ?? pushedAt
            listed.pulledAt = tag.pulledAt ?? pulledAt
            listed.kind = RegistryTag.ArtifactKind(tagName: tag.name) ?? kind
            listed.platforms = platforms
            return listed
        }
    }

    private var kind: RegistryTag.ArtifactKind {
        let word = type ?? "IMAGE"
        return artifactType.flatMap { RegistryTag.ArtifactKind(typeName: $0) } ?? RegistryTag.ArtifactKind(
            typeName: word
        )
            ?? .other
    }
}

extension Platform {
    fileprivate var withoutBlankVariant: Platform {
        var platform = self
        if platform.variant?.isEmpty ?? false { platform.variant = nil }
        return platform
    }
}
