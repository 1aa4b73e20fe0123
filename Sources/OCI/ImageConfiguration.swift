/// What an image says of itself: platform, how it was made, and what its layers are unpacked.
///
/// Unknown fields are passed over, and a missing `history` is an empty one. Source: OCI image specification 1.1, config.md.
public struct ImageConfiguration: Sendable, Hashable, Codable {
    /// A line of the image's making.
    public struct HistoryEntry: Sendable, Hashable, Codable {
        /// The command, as the builder tells it.
        public var createdBy: String?
        /// When, RFC 3339.
        public var created: String?
        /// A remark.
        public var comment: String?
        /// Whether it made no layer.
        public var isEmptyLayer: Bool

        private enum CodingKeys: String, CodingKey {
            case createdBy = "created_by"
            case created
            case comment
            case isEmptyLayer = "empty_layer"
        }

        /// An entry.
        public init(
            createdBy: String? = nil,
            created: String? = nil,
            comment: String? = nil,
            isEmptyLayer: Bool = false
        ) {
            self.createdBy = createdBy
            self.created = created
            self.comment = comment
            self.isEmptyLayer = isEmptyLayer
        }

        /// From JSON; `empty_layer` is false when it is missing.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            createdBy = try container.decodeIfPresent(String.self, forKey: .createdBy)
            created = try container.decodeIfPresent(String.self, forKey: .created)
            comment = try container.decodeIfPresent(String.self, forKey: .comment)
            isEmptyLayer = try container.decodeIfPresent(Bool.self, forKey: .isEmptyLayer) ?? false
        }
    }

    /// When the image was made, RFC 3339.
    public var created: String?
    /// What it runs on.
    public var platform: Platform
    /// What each layer hashes to unpacked, lowest first.
    public var diffIDs: [Digest]
    /// Its making, first line first.
    public var history: [HistoryEntry]

    /// A configuration.
    public init(created: String? = nil, platform: Platform, diffIDs: [Digest], history: [HistoryEntry] = []) {
        self.created = created
        self.platform = platform
        self.diffIDs = diffIDs
        self.history = history
    }

    /// The history of each layer: the entries that made one, in order. Its count may differ from the layers': builders may leave it out.
    public var layerHistory: [HistoryEntry] { history.filter { !$0.isEmptyLayer } }
}

extension ImageConfiguration {
    private enum CodingKeys: String, CodingKey {
        case created
        case rootfs
        case history
    }

    private enum RootKeys: String, CodingKey {
        case type
        case diffIDs = "diff_ids"
    }

    /// From JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        created = try container.decodeIfPresent(String.self, forKey: .created)
        platform = try Platform(from: decoder)
        let root = try container.nestedContainer(keyedBy: RootKeys.self, forKey: .rootfs)
        diffIDs = try root.decodeIfPresent([Digest].self, forKey: .diffIDs) ?? []
        history = try container.decodeIfPresent([HistoryEntry].self, forKey: .history) ?? []
        guard diffIDs.count <= Manifest.mostLayers, history.count <= 16 * Manifest.mostLayers else {
            throw DecodingError.dataCorruptedError(forKey: .history, in: container, debugDescription: "too many layers")
        }
    }

    /// As JSON, without what is not kept here.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(created, forKey: .created)
        try platform.encode(to: encoder)
        var root = container.nestedContainer(keyedBy: RootKeys.self, forKey: .rootfs)
        try root.encode("layers", forKey: .type)
        try root.encode(diffIDs, forKey: .diffIDs)
        try container.encode(history, forKey: .history)
    }
}
