import Foundation

/// How a registry writes the address of the next page.
public enum StubLinkStyle: String, Sendable, CaseIterable {
    /// `</v2/…>; rel="next"`.
    case relative
    /// With scheme and host.
    case absolute
    /// Not at all: the client goes on from the last item.
    case none
}

/// How a registry cuts its lists.
struct StubPaging: Sendable {
    var link: StubLinkStyle
    /// No page is longer, whatever is asked for.
    var cap: Int
    var scheme: String
}

/// A page of names as distribution's API cuts it: after `last`, at most `n`.
func distributionPage(
    _ request: StubRequest,
    _ names: [String],
    member: String,
    name: String?,
    _ paging: StubPaging
) -> StubAnswer {
    let asked = request.query("n").flatMap { Int($0) }
    if let asked, asked < 0 { return .errors(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested") }
    let length = min(asked ?? paging.cap, paging.cap)
    let after = request.query("last")
    // Names are ASCII, so that their order is that of their bytes.
    var (start, behind) = (0, after == nil ? 0 : names.count)
    while let after, start < behind {
        let middle = (start + behind) / 2
        if names[middle] <= after { start = middle + 1 } else { behind = middle }
    }
    let end = min(start + length, names.count)
    let page = Array(names[start..<end])
    var headers: [(name: String, value: String)] = []
    if end < names.count, let last = page.last, paging.link != .none {
        let base =
            paging.link == .absolute ? "\(paging.scheme)://\(request["Host"] ?? "")\(request.path)" : request.path
        let escaped = last.replacingOccurrences(of: "/", with: "%2F")
        headers.append(("Link", "<\(base)?last=\(escaped)&n=\(length)>; rel=\"next\""))
    }
    var body: [String: Any] = [member: page]
    if let name { body["name"] = name }
    return .json(body, headers: headers)
}

func distributionTags(_ request: StubRequest, _ repository: StubRepository, _ paging: StubPaging) -> StubAnswer {
    distributionPage(request, repository.tags, member: "tags", name: repository.path, paging)
}

/// The answer to GET and HEAD of a manifest. To a client that does not accept its type there is none.
func distributionManifest(_ request: StubRequest, _ artifact: StubArtifact) -> StubAnswer {
    let accepted = request.headers.filter { $0.name.lowercased() == "accept" }.map(\.value).joined(separator: ",")
    guard accepted.contains(artifact.mediaType) || accepted.contains("*/*") else {
        return .errors(404, "MANIFEST_UNKNOWN", "manifest found, but the accept header does not support its type")
    }
    return StubAnswer(
        200,
        headers: [
            ("Content-Type", artifact.mediaType), ("Docker-Content-Digest", artifact.digest),
            ("ETag", "\"\(artifact.digest)\""), ("Content-Length", "\(artifact.manifest.count)"),
        ],
        body: artifact.manifest
    )
}

/// The parts of a path below `/v2/`: `(repository, "manifests", reference)`; nil for another path.
func distributionPath(_ request: StubRequest) -> (repository: String, noun: String, reference: String)? {
    let parts = Array(request.segments.dropFirst())
    guard let end = parts.lastIndex(where: { ["manifests", "blobs", "tags", "referrers"].contains($0) }),
        end > 0, end + 1 < parts.count
    else { return nil }
    return (parts[..<end].joined(separator: "/"), parts[end], parts[end + 1])
}
