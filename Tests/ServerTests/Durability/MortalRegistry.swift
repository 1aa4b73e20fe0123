import ImageFixtures
import OCI
import RegistryStubs
import Synchronization
import TestSupport

/// A registry whose tags a test moves, and which kills the service that asks it, at one moment of one scan.
final class MortalRegistry: Sendable {
    /// When the service dies.
    enum Death: Sendable {
        /// When a tag is asked for. Nothing is answered.
        case resolving(tag: String)
        /// When so many bytes of an image's own layer were sent, and no more come.
        case pulling(tag: String, after: Int)
        /// When all of an image's own layer is being sent, and others had their turn so many times: while the last of it is read,
        /// while it is matched, while it is written, or after.
        case pulled(tag: String, turns: Int)
        /// Not by the registry, which answers nothing that is asked of it.
        case silent
    }

    private struct State {
        var images: [String: ImageFixture] = [:]
        var blobs: [String: [UInt8]] = [:]
        var death: Death?
        var victim: ServeProcess?
        var unanswered: Set<String> = []
    }

    private let state = Mutex(State())

    /// What stands under every tag.
    var images: [String: ImageFixture] { state.withLock { $0.images } }

    /// Lets a tag stand for an image from now on.
    func push(_ image: ImageFixture, _ tag: String) {
        state.withLock { state in
            state.images[tag] = image
            for (digest, bytes) in image.blobs { state.blobs[digest.description] = bytes }
        }
    }

    /// The tags that were asked for and not answered since it was last armed.
    var unanswered: Set<String> { state.withLock { $0.unanswered } }

    /// Kills `victim` at the moment that `death` says, once.
    func arm(_ death: Death?, _ victim: ServeProcess?) {
        state.withLock { ($0.death, $0.victim, $0.unanswered) = (death, victim, []) }
    }

    private func kill() {
        let victim = state.withLock { state in
            defer { (state.death, state.victim) = (nil, nil) }
            return state.victim
        }
        victim?.kill()
    }

    func handle(_ request: WireRequest) -> WireAnswer {
        let (images, blobs, death) = state.withLock { ($0.images, $0.blobs, $0.death) }
        let name = String(request.path.split(separator: "/").last ?? "")
        switch death {
        case .silent:
            state.withLock { _ = $0.unanswered.insert(name) }
            return WireAnswer(steps: [.stall])
        case .resolving(let tag) where name == tag:
            kill()
            return WireAnswer(steps: [.close])
        case .pulling(let tag, let count) where name == images[tag]?.own:
            let bytes = blobs[name] ?? []
            let head = WireAnswer.head(200, [("Content-Length", "\(bytes.count)")])
            // Unstructured, here and below: what is sent must go out beside the moment that is waited for.
            Task { [self] in
                for _ in 0..<count { await Task.yield() }
                kill()
            }
            return WireAnswer(steps: [.send(head), .sendBytes(Array(bytes.prefix(count))), .stall])
        case .pulled(let tag, let turns) where name == images[tag]?.own:
            Task { [self] in
                for _ in 0..<turns { await Task.yield() }
                kill()
            }
        default: break
        }
        var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
        for (tag, image) in images where tag == name || image.digest.description == name {
            manifests[tag] = (image.mediaType.rawValue, image.manifest)
            manifests[image.digest.description] = manifests[tag]
        }
        return ImageRegistry(manifests: manifests, blobs: blobs).handle(request)
    }
}

extension ImageFixture {
    /// The digest of the layer that no other image has.
    var own: String? { layers.last?.descriptor.digest.description }
}
