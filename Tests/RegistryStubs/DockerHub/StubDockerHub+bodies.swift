import Foundation
import OCI

extension StubDockerHub {
    func repositoryEntry(_ repository: StubRepository) -> [String: Any] {
        let parts = repository.path.split(separator: "/").map(String.init)
        return [
            "name": parts.last ?? "", "namespace": parts.first ?? "", "repository_type": "image", "status": 1,
            "status_description": "active", "description": NSNull(), "is_private": repository.isPrivate,
            "star_count": 0, "pull_count": 12, "last_updated": stubTime(StubArtifact.someday),
            "last_modified": NSNull(), "date_registered": stubTime(StubArtifact.someday), "affiliation": "owner",
            "media_types": ["application/vnd.oci.image.manifest.v1+json"], "content_types": ["image"],
            "categories": [] as [Any], "storage_size": 1_000,
        ]
    }

    func repositoryInfo(_ repository: StubRepository, actions: [String]) -> [String: Any] {
        var info = repositoryEntry(repository)
        info["user"] = info["namespace"]
        info["description"] = ""
        info["is_automated"] = false
        info["collaborator_count"] = 0
        info["has_starred"] = false
        info["permissions"] = [
            "read": true, "write": actions.contains("push"), "admin": actions.contains("delete"),
        ]
        info["immutable_tags_settings"] = ["enabled": false, "rules": [] as [Any]]
        return info
    }

    func tagEntry(_ tag: (name: String, artifact: StubArtifact)) -> [String: Any] {
        let artifact = tag.artifact
        let platforms = artifact.platforms.map { ($0.os, $0.architecture, $0.variant) }
        let images = (platforms.isEmpty ? [("linux", "amd64", nil)] : platforms).map { os, architecture, variant in
            [
                "os": os, "architecture": architecture, "variant": variant ?? NSNull() as Any, "features": "",
                "os_features": "", "os_version": NSNull(), "digest": artifact.digest, "size": artifact.size,
                "status": "active", "last_pulled": NSNull(), "last_pushed": stubTime(artifact.pushedAt),
            ] as [String: Any]
        }
        return [
            "id": 1, "creator": 1, "repository": 1, "last_updater": 1, "last_updater_username": "someone",
            "name": tag.name,
            // Documented as one object and as a string; in truth an array and a boolean.
            "images": images, "v2": true, "status": "active", "tag_status": "active",
            "full_size": artifact.size, "last_updated": stubTime(artifact.pushedAt),
            "tag_last_pushed": stubTime(artifact.pushedAt), "tag_last_pulled": NSNull(),
            "media_type": artifact.mediaType, "content_type": artifact.type == "CHART" ? "helm" : "image",
            "digest": artifact.digest,
        ]
    }
}
