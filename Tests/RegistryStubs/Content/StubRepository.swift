import Foundation

/// A repository of a stub.
public struct StubRepository: Sendable {
    /// The whole path as one pulls it, without the host.
    public var path: String
    /// Whether only some may read it; only Docker Hub keeps this by repository.
    public var isPrivate: Bool
    /// Its artifacts that were given one by one.
    public var artifacts: [StubArtifact]
    /// So many further images, tagged `v0`, `v1`, …; made when they are asked for.
    public var generated: Int

    /// A repository.
    public init(_ path: String, _ artifacts: [StubArtifact] = [], generated: Int = 0, isPrivate: Bool = true) {
        self.path = path
        self.artifacts = artifacts
        self.generated = generated
        self.isPrivate = isPrivate
    }

    /// `count` repositories `prefix-00000`, …, each with one image.
    public static func many(_ count: Int, prefix: String, isPrivate: Bool = true) -> [StubRepository] {
        (0..<count).map { number in
            let digits = String(number)
            let padding = String(repeating: "0", count: max(0, 5 - digits.count))
            return StubRepository("\(prefix)-\(padding)\(digits)", generated: 1, isPrivate: isPrivate)
        }
    }

    /// How many artifacts it has.
    public var count: Int { artifacts.count + generated }

    /// The artifact at a place of the list.
    public func artifact(at index: Int) -> StubArtifact {
        guard index >= artifacts.count else { return artifacts[index] }
        let number = index - artifacts.count
        let pushedAt = StubArtifact.someday.addingTimeInterval(Double(-number))
        return .image("\(path) v\(number)", tags: ["v\(number)"], pushedAt: pushedAt)
    }

    /// The artifact of a tag or digest.
    public func find(_ reference: String) -> StubArtifact? {
        if let given = artifacts.first(where: { $0.digest == reference || $0.tags.contains(reference) }) {
            return given
        }
        if reference.hasPrefix("v"), let number = Int(reference.dropFirst()), (0..<generated).contains(number) {
            return artifact(at: artifacts.count + number)
        }
        guard reference.hasPrefix("sha256:") else { return nil }
        for index in artifacts.count..<max(count, artifacts.count) where artifact(at: index).digest == reference {
            return artifact(at: index)
        }
        return nil
    }

    /// Every tag, in the order of their bytes.
    public var tags: [String] {
        (artifacts.flatMap(\.tags) + (0..<generated).map { "v\($0)" }).sorted()
    }

    /// How many tags it has.
    public var tagCount: Int { artifacts.reduce(generated) { $0 + $1.tags.count } }

    /// A tag and what it points at, newest first. Only what is asked for is made: a list of ten thousand is cut a hundred times.
    public func tag(at index: Int) -> (name: String, artifact: StubArtifact) {
        let given = artifacts.flatMap { artifact in artifact.tags.map { (name: $0, artifact: artifact) } }
        guard index >= given.count else { return given[index] }
        let artifact = artifact(at: artifacts.count + index - given.count)
        return ("v\(index - given.count)", artifact)
    }
}

/// Times as registries write them.
func stubTime(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
}
