public import OCI

extension RemoteImage {
    /// Finds the image as ``resolve(_:)`` does, and asks for no manifest when `known` gives what the tag's digest stands for: one
    /// `HEAD` then, with which the registry says that the image may be seen.
    public func resolve(
        _ platform: Platform?,
        known: @Sendable (Digest) async -> ResolvedImage?
    ) async throws -> ResolvedImage {
        let head = try await head()
        if let image = await known(head) { return image }
        return try await resolve(platform, at: head)
    }
}
