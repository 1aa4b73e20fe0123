/// Where advisories come from.
public enum AdvisorySource: Sendable {
    /// A directory, an archive (zip, tar, tar.gz, tar.zst), or a single file.
    case path(String)
    /// Bytes that somebody fetches, in order and in pieces of any size: what a file at ``path(_:)`` would hold. `name` is for
    /// messages.
    case stream(name: String, any AsyncSequence<[UInt8], any Error> & Sendable)
}
