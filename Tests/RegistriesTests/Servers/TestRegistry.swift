import Foundation
import Registries
import RegistryStubs
import Sealing
import Synchronization

/// A registry of a test whose token service is a server of its own or itself: bearer tokens, one for each set of scopes.
struct TestRegistry: Sendable {
    /// What the token service answers, if not a token.
    var tokenAnswer: @Sendable (WireRequest) -> WireAnswer? = { _ in nil }
    /// What the registry answers to a request with a good token.
    var answer: @Sendable (WireRequest) -> WireAnswer = { _ in .json("{}") }
    /// Where the challenge sends for tokens; `%` stands for the registry's own port.
    var realm = "http://registry.test:%/token"
    /// Scopes without which a token is not enough, given as an `insufficient_scope` challenge.
    var neededScope: String?

    static let tokenPrefix = "granted-"

    func handle(_ request: WireRequest) -> WireAnswer {
        if request.path == "/token" { return token(request) }
        let port = request["Host"].flatMap { $0.split(separator: ":").last.map(String.init) } ?? ""
        let bearer = #"Bearer realm="\#(realm.replacing("%", with: port))",service="test""#
        guard let authorization = request["Authorization"],
            authorization.hasPrefix("Bearer " + TestRegistry.tokenPrefix)
        else {
            return .challenge(bearer)
        }
        if let neededScope, !authorization.contains(TestRegistry.name(of: neededScope)) {
            return .challenge(bearer + #",scope="\#(neededScope)",error="insufficient_scope""#)
        }
        return answer(request)
    }

    /// Serves it for the time of `body`, together with a client that may ask it.
    func serve<Result: Sendable>(
        time: OutboundTime = .system,
        _ body: (WireServer, OutboundClient) async throws -> Result
    ) async throws -> Result {
        try await WireServer.run {
            handle($0)
        } _: { server in
            try await withOutbound(time: time) { try await body(server, $0) }
        }
    }

    /// A token that names its scopes.
    func token(_ request: WireRequest) -> WireAnswer {
        if let answer = tokenAnswer(request) { return answer }
        let scopes = request.target.split(separator: "&").filter { $0.hasPrefix("scope=") }.map { $0.dropFirst(6) }
        let names = scopes.map { TestRegistry.name(of: String($0).removingPercentEncoding ?? "") }.joined(
            separator: "."
        )
        return .json(#"{"access_token":"","token":"\#(TestRegistry.tokenPrefix)\#(names)","expires_in":300}"#)
    }

    static func name(of scope: String) -> String { scope.filter { $0.isLetter || $0.isNumber } }
}

extension OutboundClient {
    /// A client of the registry that listens at `port` under the name `registry.test`.
    func registry(
        _ port: Int,
        _ login: RegistryLogin? = nil,
        tokens: TokenCache? = nil,
        trust: TLSTrust? = nil
    ) throws -> DistributionClient {
        DistributionClient(
            outbound: self,
            tokens: tokens ?? TokenCache(),
            origin: try OutboundOrigin("\(trust == nil ? "http" : "https")://registry.test:\(port)"),
            login: login,
            trust: trust
        )
    }
}
