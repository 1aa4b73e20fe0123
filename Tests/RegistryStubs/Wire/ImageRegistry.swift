import Foundation
import Synchronization

/// A registry that serves the images it is given, and fails in the ways that a test wants.
///
/// It knows `Range`, and lets people in by tokens when it has an account. Faults are used up: each answer takes the next one of its
/// blob. Run it with ``WireServer/run(host:port:tls:_:_:)`` and ``handle(_:)``.
package final class ImageRegistry: Sendable {
    /// What becomes of one answer to a request for a blob.
    package enum Fault: Sendable {
        /// Nothing.
        case none
        /// So many bytes of the answer come, and the connection ends.
        case cut(after: Int)
        /// So many bytes of the answer come, and no more, ever.
        case stall(after: Int)
        /// The whole blob, whatever part was asked for.
        case whole
        /// A part that begins so many bytes later than asked for, and says so.
        case laterPart(by: Int)
        /// A part that begins later than asked for, and does not say so.
        case wrongPart(by: Int)
        /// Another byte at this place of the blob.
        case corrupt(at: Int)
        /// Fewer bytes, and a header to match.
        case shorter(by: Int)
        /// More bytes, and a header to match.
        case longer(by: Int)
        /// Another answer.
        case answer(WireAnswer)
    }

    /// Who may pull, and how long a token is good.
    package struct Access: Sendable {
        package var username: String
        package var password: String
        /// A token is refused after so many requests.
        package var requestsPerToken: Int

        package init(username: String, password: String, requestsPerToken: Int = .max) {
            self.username = username
            self.password = password
            self.requestsPerToken = requestsPerToken
        }
    }

    private struct State {
        var faults: [String: [Fault]] = [:]
        var tokens: [String: Int] = [:]
        var issued = 0
    }

    private let manifests: [String: (mediaType: String, bytes: [UInt8])]
    private let blobs: [String: [UInt8]]
    private let access: Access?
    private let state = Mutex(State())

    /// A registry with these manifests, by tag and by digest, and blobs, by digest.
    package init(
        manifests: [String: (mediaType: String, bytes: [UInt8])],
        blobs: [String: [UInt8]],
        access: Access? = nil
    ) {
        self.manifests = manifests
        self.blobs = blobs
        self.access = access
    }

    /// The next answers about the blob `digest`.
    package func plan(_ faults: [Fault], for digest: String) { state.withLock { $0.faults[digest] = faults } }

    /// Faults that no request has met.
    package var unmet: Int { state.withLock { $0.faults.values.reduce(0) { $0 + $1.count } } }

    /// How many tokens were given out.
    package var issuedTokens: Int { state.withLock { $0.issued } }

    package func handle(_ request: WireRequest) -> WireAnswer {
        if request.path == "/token" { return token(request) }
        if let refusal = refusal(of: request) { return refusal }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "v2" else { return error(404, "NAME_UNKNOWN") }
        if parts.count == 1 { return .json("{}") }
        guard parts.count >= 4, let reference = parts.last else { return error(404, "NAME_UNKNOWN") }
        switch parts[parts.count - 2] {
        case "manifests": return manifest(reference, request)
        case "blobs": return blob(reference, request)
        default: return error(404, "NAME_UNKNOWN")
        }
    }

    private func manifest(_ reference: String, _ request: WireRequest) -> WireAnswer {
        guard let found = manifests[reference] else { return error(404, "MANIFEST_UNKNOWN") }
        let digest = manifests.first { $0.key.hasPrefix("sha256:") && $0.value.bytes == found.bytes }?.key ?? reference
        let headers = [
            ("Content-Type", found.mediaType), ("Docker-Content-Digest", digest),
            ("Content-Length", "\(found.bytes.count)"),
        ]
        let head = WireAnswer.Step.send(WireAnswer.head(200, headers))
        return WireAnswer(steps: request.method == "HEAD" ? [head] : [head, .sendBytes(found.bytes)])
    }

    private func blob(_ digest: String, _ request: WireRequest) -> WireAnswer {
        let fault = state.withLock { state -> Fault in
            guard state.faults[digest]?.isEmpty == false else { return .none }
            return state.faults[digest]?.removeFirst() ?? .none
        }
        if case .answer(let answer) = fault { return answer }
        guard var bytes = blobs[digest] else { return error(404, "BLOB_UNKNOWN") }
        var offset = request["Range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) } ?? 0
        var told = offset
        switch fault {
        case .whole: (offset, told) = (0, 0)
        case .laterPart(let count): (offset, told) = (offset + count, offset + count)
        case .wrongPart(let count): offset += count
        case .corrupt(let place): bytes[place] ^= 1
        case .shorter(let count): bytes.removeLast(count)
        case .longer(let count): bytes += [UInt8](repeating: 0, count: count)
        default: break
        }
        let isPart = request["Range"] != nil && told > 0
        let body = Array(bytes[min(offset, bytes.count)...])
        var headers = [("Content-Type", "application/octet-stream"), ("Content-Length", "\(body.count)")]
        if isPart { headers.append(("Content-Range", "bytes \(told)-\(bytes.count - 1)/\(bytes.count)")) }
        let head = WireAnswer.Step.send(WireAnswer.head(isPart ? 206 : 200, headers))
        switch fault {
        case .cut(let count): return WireAnswer(steps: [head, .sendBytes(Array(body.prefix(count))), .close])
        case .stall(let count): return WireAnswer(steps: [head, .sendBytes(Array(body.prefix(count))), .stall])
        default: return WireAnswer(steps: [head, .sendBytes(body)])
        }
    }

    private func error(_ status: Int, _ code: String) -> WireAnswer {
        .json(#"{"errors":[{"code":"\#(code)","message":"no"}]}"#, status: status)
    }

    private func token(_ request: WireRequest) -> WireAnswer {
        guard let access else { return error(404, "NAME_UNKNOWN") }
        let pair = Data("\(access.username):\(access.password)".utf8).base64EncodedString()
        guard request["Authorization"] == "Basic \(pair)" else { return error(401, "UNAUTHORIZED") }
        let token = state.withLock { state -> String in
            state.issued += 1
            state.tokens["token-\(state.issued)"] = access.requestsPerToken
            return "token-\(state.issued)"
        }
        return .json(#"{"token":"\#(token)","expires_in":300}"#)
    }

    private func refusal(of request: WireRequest) -> WireAnswer? {
        guard access != nil else { return nil }
        let given = request["Authorization"].map { String($0.dropFirst("Bearer ".count)) }
        let isGood = state.withLock { state -> Bool in
            guard let given, let left = state.tokens[given], left > 0 else { return false }
            state.tokens[given] = left - 1
            return true
        }
        guard !isGood else { return nil }
        let error = given == nil ? "" : #",error="invalid_token""#
        return .challenge(
            #"Bearer realm="http://\#(request["Host"] ?? "")/token",service="images",scope="repository:team/app:pull"\#(error)"#
        )
    }
}
