/// What an image's configuration tells of its making. Source: OCI image specification 1.1, config.md.
public struct ImageConfiguration: Sendable, Hashable, Decodable {
    /// One step of the making.
    public struct History: Sendable, Hashable, Decodable {
        /// The command or instruction.
        public var createdBy: String?
        /// Whether the step made no layer.
        public var emptyLayer: Bool?
        /// RFC 3339.
        public var created: String?

        private enum CodingKeys: String, CodingKey {
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
            case created
        }
    }

    /// The layers' archives, uncompressed.
    public struct RootFileSystem: Sendable, Hashable, Decodable {
        /// Bottom first. Texts, since a foreign configuration may hold anything here.
        public var diffIDs: [String]?

        private enum CodingKeys: String, CodingKey {
            case diffIDs = "diff_ids"
        }
    }

    /// RFC 3339.
    public var created: String?
    /// As Go names it.
    public var architecture: String?
    /// As Go names it.
    public var os: String?
    /// `v7`, `v8`.
    public var variant: String?
    /// Of Windows images.
    public var osVersion: String?
    /// The layers' archives.
    public var rootfs: RootFileSystem?
    /// In order; steps without a layer among them.
    public var history: [History]?

    private enum CodingKeys: String, CodingKey {
        case created
        case architecture
        case os
        case variant
        case osVersion = "os.version"
        case rootfs
        case history
    }

    /// Reads a configuration. Throws ``DocumentError``.
    public init(json: [UInt8]) throws(DocumentError) {
        self = try DocumentError.decode(ImageConfiguration.self, from: json, what: "image configuration")
    }

    /// The platform that it says it is for; nil when it says too little.
    public var platform: Platform? {
        guard let os, let architecture, !os.isEmpty, !architecture.isEmpty else { return nil }
        return Platform(os: os, architecture: architecture, variant: variant, osVersion: osVersion)
    }

    /// The command that made each of `count` layers, bottom first; nil where the history does not fit the layers.
    public func commands(layers count: Int) -> [String?] {
        let steps = (history ?? []).filter { $0.emptyLayer != true }
        guard steps.count == count else { return Array(repeating: nil, count: count) }
        return steps.map(\.createdBy)
    }
}
