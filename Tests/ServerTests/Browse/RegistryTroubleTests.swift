import Foundation
import HTTPTypes
import Registries
import Testing

@testable import Server

/// What a client is told of a trouble with a registry.
@Suite struct RegistryTroubleTests {
    /// The names in the source of `RegistryError`: a code that is added there without a row here fails.
    private static func namesInSource() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let source = root.appending(path: "Sources/Registries/RegistryError.swift")
        return try String(contentsOf: source, encoding: .utf8).matches(of: /= Code\("([a-z-]+)"\)/).map { String($0.1) }
    }

    @Test func everyCodeHasARow() throws {
        let names = try Self.namesInSource()
        #expect(names.count >= 20)
        #expect(Set(RegistryTrouble.byCode.keys.map(\.description)) == Set(names))
    }

    @Test func everyCodeIsToldUnderItsOwnName() {
        for (code, trouble) in RegistryTrouble.byCode {
            #expect(trouble.code.rawValue == code.description)
        }
    }

    // 401 is about our key alone, and 500 and 503 are faults of ours.
    @Test(arguments: Array(RegistryTrouble.byCode.keys))
    func noRegistryMakesAFaultOfOursOrOfTheKeys(code: RegistryError.Code) {
        let upstream = RegistryError.Upstream(registry: "r.example.com:5000", status: 401, code: "UNAUTHORIZED")
        let error = APIError(RegistryError(code, "it failed", upstream: upstream))
        #expect(![401, 403, 500, 503].contains(error.status.code))
        #expect(error.upstream == upstream)
        #expect(error.message == "it failed")
    }

    @Test(arguments: [
        (RegistryError.Code.rateLimited, 429), (.timeout, 504), (.policyBlocked, 412), (.repositoryNotFound, 404),
        (.tagNotFound, 404), (.projectNotFound, 404), (.authenticationFailed, 502), (.insufficientScope, 502),
        (.unreachable, 502), (.upstreamFailed, 502),
    ])
    func theStatusSaysWhoseTroubleItIs(code: RegistryError.Code, status: Int) {
        #expect(APIError(RegistryError(code, "")).status.code == status)
    }

    private static let waits: [(RegistryError.Code, Duration?, Int?)] = [
        (.rateLimited, .seconds(7), 7), (.rateLimited, .milliseconds(6_001), 7), (.rateLimited, .zero, 1),
        (.rateLimited, nil, 60), (.rateLimited, .seconds(10_000_000), 86_400), (.rateLimited, .seconds(-5), 1),
        (.upstreamFailed, .seconds(30), 30), (.upstreamFailed, nil, nil),
    ]

    @Test(arguments: waits)
    func theTimeToComeBackIsInWholeSeconds(code: RegistryError.Code, wait: Duration?, told: Int?) {
        #expect(APIError(RegistryError(code, "", retryAfter: wait)).retryAfter == told)
    }

    @Test func theErrorsOwnHintGoesBeforeTheTables() {
        #expect(APIError(RegistryError(.tlsUntrusted, "", hint: "do this")).hint == "do this")
        #expect(APIError(RegistryError(.tlsUntrusted, "")).hint?.contains("caCertificatePem") == true)
    }

    @Test func theBodyTellsWhoAnsweredWhat() {
        let upstream = RegistryError.Upstream(registry: "r.example.com", status: 429, code: "TOOMANYREQUESTS")
        let error = APIError(RegistryError(.rateLimited, "slow down", upstream: upstream))
        #expect(
            error.body(path: "/x", requestID: "r")["upstream"] == [
                "registry": "r.example.com", "status": 429, "code": "TOOMANYREQUESTS",
            ]
        )
        #expect(APIError(RegistryError(.timeout, "")).body(path: "/x", requestID: "r")["upstream"] == nil)
    }
}
