import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import Synchronization
import TestSupport

/// A registry that repeats what it was sent, in one place of its answers at a time.
final class EchoRegistry: Sendable {
    /// Where it repeats it.
    enum Place: String, CaseIterable, Sendable {
        /// Nowhere; the image is there.
        case nowhere
        /// In the body and the headers of an error of its token service.
        case tokenError
        /// As the token.
        case token
        /// In the body, the headers and the code of an error about the tag.
        case serverError, denial, missing
        /// In a challenge to come again.
        case challenge
        /// In the headers of a right answer about the tag.
        case digest, contentType
        /// In the manifest and its types.
        case manifest
        /// In the address that a layer is to be fetched from.
        case redirect
        /// In an error in the place of a layer.
        case layerError
        /// In the pause that it wants, longer than a scan waits for; the last, for it closes the way.
        case pause
    }

    private struct State {
        var place = Place.nowhere
        var username = ""
        var password = ""
        var token = ""
    }

    /// Each place has one of its own, so that no scan finds its layers known.
    private let images: [Place: ImageFixture]
    private let state = Mutex(State())

    init(_ images: [Place: ImageFixture]) { self.images = images }

    private var image: ImageFixture { images[state.withLock { $0.place }] ?? ImageFixture() }

    /// Lets an account in by `token`, and repeats what it sends in `place`.
    func prepare(_ place: Place, username: String, password: String, token: String) {
        state.withLock { $0 = State(place: place, username: username, password: password, token: token) }
    }

    private var layer: String { image.layers.last?.descriptor.digest.description ?? "" }

    func handle(_ request: WireRequest) -> WireAnswer {
        let state = state.withLock { $0 }
        if request.path == "/token" { return token(request, state) }
        let name = String(request.path.split(separator: "/").last ?? "")
        guard let given = request["Authorization"] else {
            if request.path.hasPrefix("/elsewhere") { return error(500, said(request, state)) }
            return .challenge(#"Bearer realm="http://\#(request["Host"] ?? "")/token",service="images""#)
        }
        let said = said(request, state)
        let isTag = request.path.contains("/manifests/") && name == "1"
        switch state.place {
        case .serverError where isTag: return error(500, said)
        case .denial where isTag: return error(403, said)
        case .missing where isTag: return error(404, said)
        case .challenge where isTag:
            let text = CanarySecret.letters(state.password)
            return WireAnswer.challenge(
                #"Bearer realm="http://\#(request["Host"] ?? "")/token?echo=\#(text)",service="\#(text)",scope="\#(text)","#
                    + #"error="\#(text)",error_description="\#(given)""#
            )
        case .digest where isTag: return found([("Docker-Content-Digest", "sha256:\(given)")], request)
        case .contentType where isTag:
            return found([("Content-Type", "application/\(CanarySecret.letters(state.password))")], request)
        case .manifest where request.path.contains("/manifests/"):
            return manifest(request, said: CanarySecret.letters(state.password))
        case .redirect where name == layer:
            return .redirect(
                "http://\(request["Host"] ?? "")/elsewhere/\(CanarySecret.letters(state.password))?q=\(name)"
            )
        case .layerError where name == layer: return error(500, said)
        case .pause where isTag: return .status(429, headers: [("Retry-After", "4000"), ("X-Why", said)], body: said)
        default: return found([], request)
        }
    }

    /// Everything that it knows, in every form that it could have.
    private func said(_ request: WireRequest, _ state: State) -> String {
        let basic = Data("\(state.username):\(state.password)".utf8).base64EncodedString()
        return "\(request["Authorization"] ?? "") \(CanarySecret.letters(state.password)) \(basic) \(state.token)"
    }

    private func error(_ status: Int, _ said: String) -> WireAnswer {
        let word = said.uppercased()
        return .json(
            #"{"errors":[{"code":"\#(said)","message":"\#(said)","detail":"\#(word)"}],"details":"\#(said)","error":"\#(said)"}"#,
            status: status,
            [
                ("X-Echo", said), ("Warning", "199 - \"\(said)\""), ("Server", said),
                ("Docker-Distribution-Api-Version", said),
            ]
        )
    }

    private func token(_ request: WireRequest, _ state: State) -> WireAnswer {
        switch state.place {
        case .tokenError: error(503, said(request, state))
        case .token: .json(#"{"token":"\#(CanarySecret.letters(state.password))","expires_in":300}"#)
        default: .json(#"{"token":"\#(state.token)","expires_in":300}"#)
        }
    }

    private func found(_ headers: [(String, String)], _ request: WireRequest) -> WireAnswer {
        let manifest = (mediaType: image.mediaType.rawValue, bytes: image.manifest)
        let blobs = Dictionary(uniqueKeysWithValues: image.blobs.map { ($0.0.description, $0.1) })
        guard headers.isEmpty else {
            let length = [("Content-Length", "\(image.manifest.count)")]
            let type = headers.contains { $0.0 == "Content-Type" } ? [] : [("Content-Type", image.mediaType.rawValue)]
            let head = WireAnswer.Step.send(WireAnswer.head(200, headers + type + length))
            return WireAnswer(steps: request.method == "HEAD" ? [head] : [head, .sendBytes(image.manifest)])
        }
        return ImageRegistry(manifests: ["1": manifest, image.digest.description: manifest], blobs: blobs).handle(
            request
        )
    }

    /// A manifest whose every text is what it was sent; its digest is right.
    private func manifest(_ request: WireRequest, said: String) -> WireAnswer {
        let bytes = Array(
            """
            {"schemaVersion":2,"mediaType":"application/\(said)","artifactType":"\(said)","annotations":{"\(said)":"\(said)"},\
            "config":{"mediaType":"\(said)","digest":"sha256:\(said)","size":3},\
            "layers":[{"mediaType":"\(said)","digest":"\(said)","size":3}]}
            """.utf8
        )
        return sent(bytes, image.mediaType.rawValue, request)
    }

    private func sent(_ bytes: [UInt8], _ type: String, _ request: WireRequest) -> WireAnswer {
        let headers = [
            ("Content-Type", type), ("Docker-Content-Digest", ImageFixture.digest(bytes).description),
            ("Content-Length", "\(bytes.count)"),
        ]
        let head = WireAnswer.Step.send(WireAnswer.head(200, headers))
        return WireAnswer(steps: request.method == "HEAD" ? [head] : [head, .sendBytes(bytes)])
    }
}
