import ImageFixtures
import OCI
import RegistryStubs
import Synchronization
import TestSupport

/// A registry whose tags a test moves, and which stops in the middle of one answer, so that a scan stays where it is until its service
/// is killed.
final class StoppableRegistry: Sendable {
    /// Where it stops.
    enum Stop: Sendable {
        /// Nothing at all is answered.
        case everywhere
        /// Nothing is answered to who asks for a tag.
        case tag(String)
        /// So many bytes of an image's own layer are sent, and no more.
        case layer(of: String, after: Int)
    }

    private struct State {
        var images: [String: ImageFixture] = [:]
        var packages: [String: Int] = [:]
        var blobs: [String: [UInt8]] = [:]
        var stop: Stop?
        var hasStopped = false
    }

    private let state = Mutex(State())

    /// What stands under every tag.
    var images: [String: ImageFixture] { state.withLock { $0.images } }

    /// How many packages the image under `tag` has.
    func packages(of tag: String) -> Int? { state.withLock { $0.packages[tag] } }

    /// Lets a tag stand for an image of so many packages from now on.
    func push(_ image: ImageFixture, packages: Int, _ tag: String) {
        state.withLock { state in
            (state.images[tag], state.packages[tag]) = (image, packages)
            for (digest, bytes) in image.blobs { state.blobs[digest.description] = bytes }
        }
    }

    /// Whether somebody asked for what is not answered, since it was last told to stop.
    var hasStopped: Bool { state.withLock { $0.hasStopped } }

    /// Stops there from now on; nil: nowhere.
    func stop(_ stop: Stop?) { state.withLock { ($0.stop, $0.hasStopped) = (stop, false) } }

    func handle(_ request: WireRequest) -> WireAnswer {
        let (images, blobs, stop) = state.withLock { ($0.images, $0.blobs, $0.stop) }
        let name = String(request.path.split(separator: "/").last ?? "")
        switch stop {
        case .everywhere: return stopped([])
        case .tag(let tag) where name == tag: return stopped([])
        case .layer(let tag, let count) where name == images[tag]?.own:
            let bytes = blobs[name] ?? []
            let head = WireAnswer.head(200, [("Content-Length", "\(bytes.count)")])
            return stopped([.send(head), .sendBytes(Array(bytes.prefix(count)))])
        default: break
        }
        var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
        for (tag, image) in images where tag == name || image.digest.description == name {
            manifests[tag] = (image.mediaType.rawValue, image.manifest)
            manifests[image.digest.description] = manifests[tag]
        }
        return ImageRegistry(manifests: manifests, blobs: blobs).handle(request)
    }

    private func stopped(_ steps: [WireAnswer.Step]) -> WireAnswer {
        state.withLock { $0.hasStopped = true }
        return WireAnswer(steps: steps + [.stall])
    }
}

extension ImageFixture {
    /// The digest of the layer that no other image has.
    var own: String? { layers.last?.descriptor.digest.description }
}
