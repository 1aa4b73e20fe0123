public import Foundation
public import OCI

/// Which part of a list is asked for: our page, whatever the registry's own pages are.
public struct BrowsePage: Sendable, Hashable {
    /// Counted from 1.
    public let number: Int
    /// Items on a page, 1 to 100.
    public let size: Int

    /// A page.
    public init(number: Int, size: Int) {
        self.number = number
        self.size = size
    }
}

/// What is listed beside container images.
public struct BrowseInclude: OptionSet, Sendable, Hashable {
    /// Bits.
    public let rawValue: Int
    /// From bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Signatures, attestations, SBOMs, charts.
    public static let artifacts = BrowseInclude(rawValue: 1)
}

/// One page of a list, out of a list whose length is known.
public struct BrowseResult<Item: Sendable>: Sendable {
    /// The items of the page.
    public var items: [Item]
    /// The length of the whole list.
    public var total: Int
    /// When the registry said so; a cached answer is older than now.
    public var fetchedAt: Date
    /// What is left of the registry's rate budget, where it tells.
    public var rateBudget: RateBudget?

    /// A page.
    public init(items: [Item], total: Int, fetchedAt: Date, rateBudget: RateBudget? = nil) {
        self.items = items
        self.total = total
        self.fetchedAt = fetchedAt
        self.rateBudget = rateBudget
    }
}

/// What a registry says of its rate limit.
public struct RateBudget: Sendable, Hashable, Codable {
    /// Requests in a window.
    public var limit: Int
    /// Requests left.
    public var remaining: Int
    /// Length of the window in seconds, if told.
    public var windowInSeconds: Int?
    /// When the window ends, if told.
    public var resetsAt: Date?

    /// A budget.
    public init(limit: Int, remaining: Int, windowInSeconds: Int? = nil, resetsAt: Date? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.windowInSeconds = windowInSeconds
        self.resetsAt = resetsAt
    }
}

/// A project of Harbor, a namespace of Docker Hub.
public struct RegistryProject: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// The registry's own number for it, if it has one.
    public var id: Int64?
    /// Whether everybody may read it, where the registry tells.
    public var isPublic: Bool?
    /// How many repositories it has, where the registry tells.
    public var repositoryCount: Int?
    /// Whether it only caches another registry.
    public var isProxyCache: Bool?
    /// When it was made, where the registry tells.
    public var createdAt: Date?
    /// When it last changed, where the registry tells.
    public var updatedAt: Date?

    /// A project.
    public init(name: String) { self.name = name }
}

/// A repository.
public struct RegistryImage: Sendable, Hashable {
    /// As one names it in this registry: without the Harbor project, with the Docker Hub namespace.
    public var name: String
    /// As one pulls it: `host/path`.
    public var reference: String
    /// The registry's own words about it.
    public var description: String?
    /// Whether only some may read it, where the registry tells.
    public var isPrivate: Bool?
    /// Artifacts or tags in it, where the registry tells.
    public var artifactCount: Int?
    /// Pulls so far, where the registry tells.
    public var pullCount: Int?
    /// When it was made, where the registry tells.
    public var createdAt: Date?
    /// When something was last pushed, where the registry tells.
    public var updatedAt: Date?

    /// A repository.
    public init(name: String, reference: String) {
        self.name = name
        self.reference = reference
    }
}

/// A tag, and what it points at.
public struct RegistryTag: Sendable, Hashable {
    /// What a tag points at.
    public enum ArtifactKind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A container image or an index of images.
        case image
        /// A cosign or notation signature.
        case signature
        /// An in-toto attestation.
        case attestation
        /// An SBOM.
        case sbom
        /// A Helm chart.
        case chart
        /// Anything else that is no image.
        case other
    }

    /// Its name.
    public var name: String
    /// What it points at, where the registry tells.
    public var digest: Digest?
    /// Bytes as stored, where the registry tells.
    public var sizeInBytes: Int64?
    /// When it was pushed, where the registry tells.
    public var pushedAt: Date?
    /// When it was last pulled, where the registry tells and somebody did.
    public var pulledAt: Date?
    /// What it points at.
    public var kind: ArtifactKind = .image
    /// Of an index: the platforms, where the registry tells.
    public var platforms: [Platform] = []

    /// A tag.
    public init(name: String) { self.name = name }
}
