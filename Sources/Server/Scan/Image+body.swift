import Advisories
import OCI
import Storage
import Tenancy

extension StoredImage {
    /// An image, in the contract's words and ours. Source: published-api.json, `ContainerImageDto`.
    var body: JSON {
        [
            "id": .id(id), "projectId": .id(project), "artifactName": .string(artifactName),
            "osFamily": .string(osFamily ?? ""), "osName": .string(osName ?? ""), "createdAt": .time(createdAt),
            "updatedAt": .time(scannedAt), "vulnCounts": counts.body, "scanId": .id(scan),
            "repository": .string(repository), "tag": .string(tag), "platform": .string(platform),
            "branch": .nullable(branch), "digest": .string(digest.description),
            "indexDigest": .nullable(indexDigest?.description),
            "sizeInBytes": .integer(Int(sizeInBytes)), "layerCount": .integer(layers.count),
            "packageCount": .integer(packageCount), "matchedAt": .time(matchedAt),
            "completeness": JSON.embedding(completeness),
        ]
    }

    static let schema = Schema.object([
        ("id", Schema.uuid("Image")), ("projectId", Schema.uuid("Project")),
        ("artifactName", Schema.string("Repository and tag, or digest")),
        ("osFamily", Schema.string("`debian`; empty when there is none")),
        ("osName", Schema.string("Its full name; empty when there is none")),
        ("createdAt", Schema.time("When it was first scanned")), ("updatedAt", Schema.time("When it was last scanned")),
        ("vulnCounts", Schema.severityCounts), ("scanId", Schema.uuid("Newest good scan")),
        ("repository", Schema.string("Registry and repository")), ("tag", Schema.string("Tag, or digest")),
        ("platform", Schema.string("Platform")), ("branch", Schema.string("Branch").adding(["nullable": true])),
        ("digest", Schema.string("Digest of the manifest")),
        ("indexDigest", Schema.string("Digest of the index that led to it").adding(["nullable": true])),
        ("sizeInBytes", Schema.integer("All layers, as stored")), ("layerCount", Schema.integer("Layers")),
        ("packageCount", Schema.integer("Packages in it")),
        ("matchedAt", Schema.time("When its packages were last held against the advisories")),
        ("completeness", Schema.completeness),
    ])

    /// A tag in the list of repositories. Source: published-api.json, `ContainerImageTagDto`.
    fileprivate var tagBody: JSON {
        [
            "id": .id(id), "tag": .string(tag), "scanId": .id(scan), "createdAt": .time(createdAt),
            "updatedAt": .time(scannedAt), "vulnCounts": counts.body, "platform": .string(platform),
            "digest": .string(digest.description), "completeness": JSON.embedding(completeness),
        ]
    }

    fileprivate static let tagSchema = Schema.object([
        ("id", Schema.uuid("Image")), ("tag", Schema.string("Tag, or digest")),
        ("scanId", Schema.uuid("Newest good scan")), ("createdAt", Schema.time("When it was first scanned")),
        ("updatedAt", Schema.time("When it was last scanned")), ("vulnCounts", Schema.severityCounts),
        ("platform", Schema.string("Platform")), ("digest", Schema.string("Digest of the manifest")),
        ("completeness", Schema.completeness),
    ])
}

extension ImageGroup {
    /// A repository. Source: published-api.json, `GroupedContainerImageDto`.
    func body(in project: Project) -> JSON {
        let newest = images.first
        return [
            "repositoryName": .string(repository), "projectId": .id(project.id),
            "osFamily": .string(newest?.osFamily ?? ""), "osName": .string(newest?.osName ?? ""),
            "branch": .string(newest?.branch ?? ""), "tagCount": .integer(imageCount),
            "tags": .array(images.map(\.tagBody)), "aggregatedVulnCounts": counts.body,
            "latestScanAt": .time(latestScanAt),
        ]
    }

    static let schema = Schema.object([
        ("repositoryName", Schema.string("Registry and repository")), ("projectId", Schema.uuid("Project")),
        ("osFamily", Schema.string("Of the last scanned tag")), ("osName", Schema.string("Of the last scanned tag")),
        ("branch", Schema.string("Of the last scanned tag; empty when there is none")),
        ("tagCount", Schema.integer("Tags and platforms")),
        ("tags", Schema.array(StoredImage.tagSchema, "The last scanned first", maximum: ImageStore.groupLimit)),
        ("aggregatedVulnCounts", Schema.severityCounts), ("latestScanAt", Schema.time("The newest scan of any tag")),
    ])
}

extension SeverityCounts {
    /// Findings by severity.
    var body: JSON { .object(Severity.worstFirst.map { ($0.rawValue, .integer(self[$0])) }) }
}

extension Schema {
    static let severityCounts = object(Severity.worstFirst.map { ($0.rawValue, integer("Findings of this severity")) })
}
