/// Whether everything in a layer was seen.
public enum Completeness: Sendable, Hashable {
    /// Everything was.
    case complete
    /// Something was not, and what was found is a part.
    case incomplete(LayerIncompleteness)
}

/// Why a layer was not read to its end.
public enum LayerIncompleteness: Sendable, Hashable, CustomStringConvertible {
    /// It broke a limit.
    case limit(LayerLimit)
    /// The compressed stream or the archive ends too early; where.
    case truncated(String)
    /// The compressed stream is damaged; how.
    case damagedCompression(String)
    /// The archive is damaged; how.
    case damagedArchive(String)
    /// It was not read at all, as a foreign layer that its registry does not have; why.
    case notRead(String)

    /// One line, safe for users and logs: nothing of the layer's content is in it.
    public var description: String {
        switch self {
        case .limit(let limit): "the layer is over the limit \(limit.rawValue)"
        case .truncated(let place): "the layer ends inside \(place)"
        case .damagedCompression(let reason): "the layer's compressed data is damaged: \(reason)"
        case .damagedArchive(let reason): "the layer's archive is damaged: \(reason)"
        case .notRead(let reason): "the layer was not read: \(reason)"
        }
    }
}
