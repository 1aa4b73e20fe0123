import Foundation
import OCI
import Registries

/// How items of a registry's lists are told in one dialect. The members are those of the published Harbor lists, for every kind,
/// and our additions after them.
struct BrowseBodies: Sendable {
    let dialect: BrowseDialect

    /// A project of the registry.
    func body(_ project: RegistryProject) -> JSON {
        .object([
            ("projectId", number(project.id.map(Int.init(clamping:)))), ("name", .string(project.name)),
            ("isPublic", project.isPublic.map { .bool($0) } ?? (dialect.tellsEveryMember ? false : nil)),
            ("repoCount", number(project.repositoryCount)), ("createdAt", time(project.createdAt)),
            ("updatedAt", time(project.updatedAt)), ("isProxyCache", project.isProxyCache.map { .bool($0) }),
        ])
    }

    /// A repository of `project`, which is nil where the kind has none.
    func body(_ image: RegistryImage, project: String?) -> JSON {
        var (name, repository) = (image.name, image.name)
        var project = project
        if let described = dialect.project {
            if !described.isInImageNames, let project {
                name = "\(project)/\(image.name)"
            } else if described.isInImageNames, let slash = image.name.firstIndex(of: "/") {
                project = String(image.name[..<slash])
                repository = String(image.name[image.name.index(after: slash)...])
            }
        }
        return .object([
            ("name", .string(name)), ("projectName", dialect.project == nil ? nil : .optional(project)),
            ("repositoryName", .string(repository)), ("description", .optional(image.description)),
            ("artifactCount", number(image.artifactCount)), ("pullCount", number(image.pullCount)),
            ("createdAt", time(image.createdAt)), ("updatedAt", time(image.updatedAt)),
            ("isPrivate", image.isPrivate.map { .bool($0) }), ("reference", .string(image.reference)),
        ])
    }

    /// A tag.
    func body(_ tag: RegistryTag) -> JSON {
        let platforms = tag.platforms.map { JSON.string($0.description) }
        return .object([
            ("name", .string(tag.name)), ("digest", text(tag.digest?.description)),
            ("size", number(tag.sizeInBytes.map(Int.init(clamping:)))), ("createdAt", time(tag.pushedAt)),
            ("pushTime", time(tag.pushedAt)), ("pullTime", time(tag.pulledAt)),
            ("kind", .string(tag.kind.rawValue)), ("platforms", platforms.isEmpty ? nil : .array(platforms)),
        ])
    }

    private func text(_ text: String?) -> JSON? { text.map { .string($0) } ?? (dialect.tellsEveryMember ? "" : nil) }

    private func number(_ number: Int?) -> JSON? { number.map { .integer($0) } ?? (dialect.tellsEveryMember ? 0 : nil) }

    private func time(_ time: Date?) -> JSON? { time.map { .time($0) } ?? (dialect.tellsEveryMember ? "" : nil) }
}

extension BrowseBodies {
    /// The list of projects.
    var projectsSchema: JSON {
        list(
            "projects",
            item(
                [
                    ("projectId", Schema.integer("The registry's number for it"), true),
                    ("name", Schema.string("Name"), false),
                    ("isPublic", Schema.boolean("Whether everybody may read it"), true),
                    ("repoCount", Schema.integer("Repositories in it"), true),
                    ("createdAt", maybeTime("When it was made"), true),
                    ("updatedAt", maybeTime("When it last changed"), true),
                ],
                optional: [("isProxyCache", Schema.boolean("Whether it only caches another registry"))]
            )
        )
    }

    /// The list of images.
    var imagesSchema: JSON {
        var required = [
            ("name", Schema.string("Full name, the \(dialect.project?.title ?? "path") included"), false),
            ("repositoryName", Schema.string("Name for the list of its tags"), false),
            ("artifactCount", Schema.integer("Artifacts in it"), true),
            ("pullCount", Schema.integer("Pulls so far"), true),
            ("createdAt", maybeTime("When it was made"), true),
            ("updatedAt", maybeTime("When something was last pushed"), true),
            ("reference", Schema.string("As one pulls it: host/path"), false),
        ]
        if let project = dialect.project { required.insert(("projectName", Schema.string(project.title), true), at: 1) }
        return list(
            "images",
            item(
                required,
                optional: [
                    ("description", Schema.string("The registry's words about it")),
                    ("isPrivate", Schema.boolean("Whether only some may read it")),
                ]
            )
        )
    }

    /// The list of tags of one repository.
    var tagsSchema: JSON {
        list(
            "tags",
            item(
                [
                    ("name", Schema.string("Name"), false), ("digest", Schema.string("Digest that it points at"), true),
                    ("size", Schema.integer("Bytes as stored"), true),
                    ("createdAt", maybeTime("When it was made"), true),
                    ("pushTime", maybeTime("When it was pushed"), true),
                    ("pullTime", maybeTime("When it was last pulled"), true),
                    (
                        "kind",
                        Schema.choice(
                            RegistryTag.ArtifactKind.allCases.map(\.rawValue),
                            "What it points at; all but image are told only with include=artifacts"
                        ), false
                    ),
                ],
                optional: [("platforms", Schema.array(Schema.string("os/architecture"), "Platforms of an index"))]
            ),
            first: ("repository", Schema.string("The repository"))
        )
    }

    private func list(_ noun: String, _ item: JSON, first: (String, JSON)? = nil) -> JSON {
        Schema.object(
            (first.map { [$0] } ?? []) + [
                (noun, Schema.array(item)), ("totalCount", Schema.integer("Length of the whole list")),
                ("page", Schema.integer("This page, counted from 1")),
                ("pageSize", Schema.integer("Items on a full page")),
            ]
        )
    }

    /// `members` with whether a registry may leave it untold.
    private func item(_ members: [(String, JSON, Bool)], optional: [(String, JSON)]) -> JSON {
        let untold = dialect.tellsEveryMember ? [] : members.filter(\.2).map(\.0)
        return Schema.object(
            members.map { ($0.0, $0.1) } + optional,
            optional: Set(untold + optional.map(\.0))
        )
    }

    /// A time; where every member is told, an unknown one is empty, which `date-time` does not allow.
    private func maybeTime(_ description: String) -> JSON {
        dialect.tellsEveryMember
            ? Schema.string("\(description), in RFC 3339; empty when it is unknown") : Schema.time(description)
    }
}
