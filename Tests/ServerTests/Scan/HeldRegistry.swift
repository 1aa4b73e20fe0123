import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import Synchronization
import TestSupport

/// A registry with an account and an image under each of a few tags, which holds answers back for as long as a test wants.
final class HeldRegistry: Sendable {
    /// What is held back of an image.
    enum Place: Sendable {
        /// Its manifest: the scan resolves.
        case manifest
        /// The layer that no other image has: the scan pulls.
        case layer
    }

    private struct State {
        var registry: ImageRegistry
        var gates: [String: Gate] = [:]
        /// Last parts of the paths that were answered with what they name, or will be.
        var granted: Set<String> = []
    }

    private let images: [String: ImageFixture]
    private let state: Mutex<State>

    init(_ tags: [String], password: String) throws {
        var images: [String: ImageFixture] = [:]
        for tag in tags { images[tag] = try DebianImage.make(["only-\(tag)": "1"]) }
        self.images = images
        state = Mutex(State(registry: HeldRegistry.registry(images, password)))
    }

    private static func registry(_ images: [String: ImageFixture], _ password: String) -> ImageRegistry {
        var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
        var blobs: [String: [UInt8]] = [:]
        for (tag, image) in images {
            manifests[tag] = (image.mediaType.rawValue, image.manifest)
            manifests[image.digest.description] = manifests[tag]
            for (digest, bytes) in image.blobs { blobs[digest.description] = bytes }
        }
        return ImageRegistry(
            manifests: manifests,
            blobs: blobs,
            access: ImageRegistry.Access(username: "reader", password: password)
        )
    }

    /// From now on only `password` is right, and earlier tokens are not good any more.
    func change(password: String) {
        let registry = HeldRegistry.registry(images, password)
        state.withLock { $0.registry = registry }
    }

    /// Holds back the answer about a place of an image until the gate is opened. What it answers is decided before.
    func hold(_ place: Place, of tag: String) -> Gate {
        let gate = Gate()
        state.withLock { $0.gates[name(place, of: tag)] = gate }
        return gate
    }

    /// The last part of the path that asks for it.
    func name(_ place: Place, of tag: String) -> String {
        switch place {
        case .manifest: images[tag]?.digest.description ?? ""
        case .layer: images[tag]?.layers.last?.descriptor.digest.description ?? ""
        }
    }

    func handle(_ request: WireRequest) async -> WireAnswer {
        let (registry, gates) = state.withLock { ($0.registry, $0.gates) }
        let answer = registry.handle(request)
        let name = String(request.path.split(separator: "/").last ?? "")
        if case .send(let head) = answer.steps.first, head.hasPrefix("HTTP/1.1 200") {
            state.withLock { _ = $0.granted.insert(name) }
        }
        if let gate = gates[name] { await gate.pass() }
        return answer
    }

    /// Whether everything that a scan of the image asks for was granted, held back or not.
    func hasGranted(allOf tag: String) -> Bool {
        let names = images[tag]?.blobs.map(\.0.description) ?? []
        return state.withLock { $0.granted.isSuperset(of: names) }
    }
}
