/// An image that the server has a result of.
private struct ScannedImage: Decodable, Sendable {
    let id: ResourceID
    let artifactName: String
    let platform: String
}

private struct ScannedImagePage: Decodable, Sendable {
    let images: [ScannedImage]
    let totalPages: Int
}

extension Session {
    /// The id of the image called `given`. An id is taken as it is, without a look at the list.
    func scannedImage(_ given: String, platform: String?, of project: ResourceID) async throws -> ResourceID {
        if let id = ResourceID(given) { return id }
        var found: [ScannedImage] = []
        var (number, pages) = (1, 1)
        while number <= pages {
            let path = APIPath(
                ["project", "\(project)", "results", "container", "images"],
                query: [("page", "\(number)"), ("limit", "100")]
            )
            let page: ScannedImagePage = try await client.send(.get(path)).decoded()
            found += page.images.filter { image in
                (image.artifactName == given || image.artifactName.hasSuffix("/\(given)"))
                    && (platform == nil || platform == image.platform)
            }
            if page.images.isEmpty { break }
            (number, pages) = (number + 1, page.totalPages)
        }
        if let only = found.first, found.count == 1 { return only.id }
        guard !found.isEmpty else {
            throw CommandFailure(
                "there is no image \"\(given)\" with a result",
                hint: "pratique scan list shows the scans"
            )
        }
        let lines = found.prefix(20).map { "  \($0.id)  \($0.artifactName)  \($0.platform)" }.joined(separator: "\n")
        throw CommandFailure("\(found.count) images are called \"\(given)\"; say which by its id:\n\(lines)")
    }
}
