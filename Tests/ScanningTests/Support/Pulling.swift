import Foundation
import ImageFixtures
import Layers
import Logging
import OCI
import Registries
import RegistryStubs
import Scanning
import Synchronization
import Testing

/// A registry with one image under the tag `1`, and how it is pulled.
struct Pull {
    let registry: ImageRegistry
    let image: ImageFixture
    /// What somebody waited between two tries.
    let pauses = Pauses()
    /// Stands still but for those pauses, so that nothing is waited for and no deadline comes.
    let clock = ManualTime()

    final class Pauses: Sendable {
        private let list = Mutex<[Duration]>([])
        /// Before every further try, also those that nothing was waited for.
        var all: [Duration] { list.withLock { $0 } }
        var real: [Duration] { all.filter { $0 > .zero } }
        func add(_ pause: Duration) { list.withLock { $0.append(pause) } }
    }

    init(_ image: ImageFixture, access: ImageRegistry.Access? = nil, leavingOut digest: OCI.Digest? = nil) {
        self.image = image
        let manifest = (mediaType: image.mediaType.rawValue, bytes: image.manifest)
        var blobs: [String: [UInt8]] = [:]
        for (name, bytes) in image.blobs where name != digest { blobs[name.description] = bytes }
        registry = ImageRegistry(
            manifests: ["1": manifest, image.digest.description: manifest],
            blobs: blobs,
            access: access
        )
    }

    /// The digest of a layer's blob.
    func layer(_ index: Int) -> String { image.layers[index].descriptor.digest.description }

    /// Scans the image, and gives what became of it and what the registry was asked.
    func scan(
        login: RegistryLogin? = nil,
        reopening reopen: (@Sendable () async throws -> RegistryLogin)? = nil,
        limits: LayerLimits = LayerLimits(),
        progress: ScanProgress = ScanProgress(),
        alsoAllowing other: Set<String> = [],
        beside work: @escaping @Sendable (WireServer) async -> Void = { _ in }
    ) async throws -> (outcome: Result<ScannedImage, any Error>, requests: [WireRequest]) {
        try await WireServer.run {
            registry.handle($0)
        } _: { server in
            let authority = "127.0.0.1:\(server.port)"
            let outbound = OutboundClient(
                policy: OutboundPolicy(
                    plainHTTPHosts: other.union([authority]),
                    privateHosts: other.union([authority])
                ),
                version: "0-test",
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                time: clock.time
            )
            var client = DistributionClient(
                outbound: outbound,
                tokens: TokenCache(),
                origin: try OutboundOrigin("http://\(authority)"),
                login: login
            )
            if let reopen { client = client.reopening(reopen) }
            let source = RemoteImage(try ImageReference("\(authority)/team/app:1"), client: client) { [pauses, clock] in
                pauses.add($0)
                clock.advance(by: $0)
            }
            let outcome: Result<ScannedImage, any Error>
            async let besides: Void = work(server)
            do {
                outcome = .success(try await ImageScanner(limits: limits, window: 1).scan(source, progress: progress))
            } catch {
                outcome = .failure(error)
            }
            await besides
            await outbound.shutdown()
            return (outcome, server.requests)
        }
    }
}

extension Pull {
    /// Scans the image while time passes, once `count` bytes of layers have come, until something is tried again: for a blob of
    /// which no more comes.
    func scanThroughStall(after count: Int64) async throws
        -> (outcome: Result<ScannedImage, any Error>, requests: [WireRequest])
    {
        let progress = ScanProgress()
        return try await scan(progress: progress) { [clock, pauses] _ in
            while progress.state.bytesDone < count { await Task.yield() }
            let look = OutboundDeadlines.stream.idle / 4
            while pauses.all.isEmpty {
                await clock.someoneSleeps(atMost: look)
                clock.advance(by: look)
            }
        }
    }
}

extension Result where Success == ScannedImage, Failure == any Error {
    /// The error's code; nil when there is none, or another error.
    var registryCode: RegistryError.Code? {
        if case .failure(let error as RegistryError) = self { error.code } else { nil }
    }

    /// The error's code; nil when there is none, or another error.
    var scanCode: ScanError.Code? {
        if case .failure(let error as ScanError) = self { error.code } else { nil }
    }
}
