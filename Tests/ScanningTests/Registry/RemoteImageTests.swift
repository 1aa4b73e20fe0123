import Foundation
import ImageFixtures
import Layers
import OCI
import Registries
import RegistryStubs
import Scanning
import Sealing
import Storage
import Synchronization
import Testing

/// A registry that breaks halfway: what comes out is the whole image, or an error, and never a part that is called whole.
///
/// Time stands still in all of them; the limit is for a test that would wait for something that never comes.
@Suite(.timeLimit(.minutes(1))) struct RemoteImageTests {
    static let packages = ["deb a 1 @0", "deb b 1 @1"]

    /// Two layers, the second of some 300 KB that do not compress, its package database at the end.
    static func image() throws -> ImageFixture {
        var image = try Sample.image([["a 1"]])
        var state: UInt64 = 7
        let noise = (0..<300_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
        try image.add { tar in
            tar.file(Array("noise".utf8), noise)
            tar.file("var/lib/dpkg/status", Sample.status(["a 1", "b 1"]))
        }
        return image
    }

    /// Where each request for the second layer begins.
    private func starts(_ requests: [WireRequest], _ pull: Pull) -> [Int] {
        requests.filter { $0.path.hasSuffix(pull.layer(1)) }.map { request in
            request["Range"].map { Int($0.dropFirst("bytes=".count).dropLast()) ?? -1 } ?? 0
        }
    }

    @Test func tagIsResolvedOnceAndEachBlobIsPulledOnce() async throws {
        let pull = Pull(try RemoteImageTests.image())
        let (outcome, requests) = try await pull.scan()
        let scanned = try outcome.get()
        #expect(scanned.listing == RemoteImageTests.packages)
        #expect(scanned.isComplete)
        #expect(scanned.image.digest == pull.image.digest)
        #expect(requests.filter { $0.path.contains("/manifests/1") }.map(\.method) == ["HEAD"])
        #expect(requests.count { $0.path.contains("/blobs/") } == 3)
        #expect(scanned.image.name.hasSuffix("/team/app:1"))
    }

    // (faults of the second layer, how far on each further request may begin)
    @Test(arguments: [
        ([ImageRegistry.Fault.cut(after: 1000)], [1000]),
        ([.cut(after: 1000), .cut(after: 2000), .cut(after: 1)], [1000, 3000, 3001]),
        // It does not know parts: the whole comes, and what is here is passed over.
        ([.cut(after: 70_000), .whole], [70_000]),
        ([.cut(after: 1000), .answer(.status(503)), .answer(.status(502))], [1000, 1000, 1000]),
        ([.answer(.status(500)), .cut(after: 1000)], [0, 1000]),
    ])
    func brokenPullIsTakenUp(faults: [ImageRegistry.Fault], furthest: [Int]) async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan(faults, for: pull.layer(1))
        let (outcome, requests) = try await pull.scan()
        #expect(try outcome.get().listing == RemoteImageTests.packages)
        #expect(try outcome.get().isComplete)
        #expect(pull.registry.unmet == 0)
        // A break may take along what had come: never further on than that, and never back.
        let starts = starts(requests, pull)
        #expect(starts == starts.sorted())
        #expect(starts.first == 0)
        #expect(starts.count == furthest.count + 1)
        #expect(zip(starts.dropFirst(), furthest).allSatisfy { $0 <= $1 })
    }

    // What came before is here for certain: a stall takes nothing along.
    @Test func stalledBlobIsTakenUpWhereItStopped() async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan([.stall(after: 100_000)], for: pull.layer(1))
        let (outcome, requests) = try await pull.scanThroughStall(after: 100_000)
        #expect(try outcome.get().listing == RemoteImageTests.packages)
        let ranges = requests.filter { $0.path.hasSuffix(pull.layer(1)) }.map { $0["Range"] }
        #expect(ranges == [nil, "bytes=100000-"])
    }

    @Test func partThatBeginsElsewhereIsAnError() async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan([.stall(after: 1000), .laterPart(by: 5)], for: pull.layer(1))
        let (outcome, _) = try await pull.scanThroughStall(after: 1000)
        #expect(outcome.registryCode == .upstreamMisbehaved)
    }

    // Whatever it sends, the digest is over all of it.
    @Test(arguments: [
        [ImageRegistry.Fault.cut(after: 1000), .wrongPart(by: 5)], [.corrupt(at: 100)],
        [.cut(after: 70_000), .corrupt(at: 80_000)],
    ])
    func wrongBytesAreNeverTaken(faults: [ImageRegistry.Fault]) async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan(faults, for: pull.layer(1))
        let (outcome, _) = try await pull.scan()
        #expect(outcome.scanCode == .contentMismatch, "\(outcome)")
    }

    @Test(arguments: [[ImageRegistry.Fault.shorter(by: 10)], [.longer(by: 10)], [.cut(after: 1000), .shorter(by: 10)]])
    func blobOfAnotherSizeIsAnError(faults: [ImageRegistry.Fault]) async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan(faults, for: pull.layer(1))
        let (outcome, _) = try await pull.scan()
        #expect(outcome.scanCode == .contentMismatch || outcome.registryCode == .upstreamMisbehaved, "\(outcome)")
    }

    @Test func registryThatDiesAgainAndAgainIsAnError() async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan(Array(repeating: .cut(after: 10), count: 40), for: pull.layer(1))
        let (outcome, requests) = try await pull.scan()
        #expect(outcome.registryCode == .unreachable)
        #expect((4...9).contains(starts(requests, pull).count))
    }

    @Test func registryThatIsGoneIsAnErrorAfterThreePauses() async throws {
        let pull = Pull(try RemoteImageTests.image())
        let gone = ImageRegistry.Fault.answer(.status(500))
        pull.registry.plan([.cut(after: 10)] + Array(repeating: gone, count: 10), for: pull.layer(1))
        let (outcome, _) = try await pull.scan()
        #expect(outcome.registryCode == .upstreamFailed)
        #expect(pull.pauses.real == [.milliseconds(500), .seconds(1), .seconds(2)])
    }

    @Test func tokenThatEndsHalfwayIsRenewed() async throws {
        let access = ImageRegistry.Access(username: "ci", password: "Secret-1", requestsPerToken: 5)
        let pull = Pull(try RemoteImageTests.image(), access: access)
        pull.registry.plan([.cut(after: 1000), .cut(after: 1000)], for: pull.layer(1))
        let login = RegistryLogin(id: UUID(), version: 1, username: "ci", password: Secret("Secret-1"))
        let (outcome, requests) = try await pull.scan(login: login)
        #expect(try outcome.get().listing == RemoteImageTests.packages)
        #expect(pull.registry.issuedTokens == 2)
        // The secret goes to the token service alone.
        let basic = requests.filter { $0["Authorization"]?.hasPrefix("Basic") == true }
        #expect(basic.map(\.path) == ["/token", "/token"])
    }

    /// The client of a scan keeps no secret: what it is sent with is opened for each token, and what happened to the credential
    /// meanwhile is noticed then.
    @Test func secretIsOpenedForEachTokenAndKeptNowhere() async throws {
        let access = ImageRegistry.Access(username: "ci", password: "Secret-1", requestsPerToken: 5)
        let pull = Pull(try RemoteImageTests.image(), access: access)
        pull.registry.plan([.cut(after: 1000), .cut(after: 1000)], for: pull.layer(1))
        let login = RegistryLogin(id: UUID(), version: 1, username: "ci", password: Secret("Secret-1"))
        let openings = Mutex(0)
        let (outcome, requests) = try await pull.scan(
            login: login,
            reopening: {
                openings.withLock { $0 += 1 }
                return login
            }
        )
        #expect(try outcome.get().listing == RemoteImageTests.packages)
        #expect(pull.registry.issuedTokens == 2 && openings.withLock { $0 } == 2)
        #expect(
            requests.filter { $0["Authorization"]?.hasPrefix("Basic") == true }.map(\.path) == ["/token", "/token"]
        )
    }

    @Test func credentialThatIsGoneIsNoticedAtTheNextToken() async throws {
        let access = ImageRegistry.Access(username: "ci", password: "Secret-1", requestsPerToken: 5)
        let pull = Pull(try RemoteImageTests.image(), access: access)
        pull.registry.plan([.cut(after: 1000), .cut(after: 1000)], for: pull.layer(1))
        let login = RegistryLogin(id: UUID(), version: 1, username: "ci", password: Secret("Secret-1"))
        let openings = Mutex(0)
        let (outcome, _) = try await pull.scan(
            login: login,
            reopening: {
                let count = openings.withLock { openings in
                    openings += 1
                    return openings
                }
                if count > 1 { throw ScanRefused(.credentialDeleted) }
                return login
            }
        )
        #expect(throws: ScanRefused(.credentialDeleted)) { try outcome.get() }
        #expect(pull.registry.issuedTokens == 1)
    }

    @Test func wrongPasswordIsAnError() async throws {
        let access = ImageRegistry.Access(username: "ci", password: "Secret-1")
        let pull = Pull(try RemoteImageTests.image(), access: access)
        let login = RegistryLogin(id: UUID(), version: 1, username: "ci", password: Secret("Secret-2"))
        let (outcome, _) = try await pull.scan(login: login)
        #expect(outcome.registryCode == .authenticationFailed)
        let (anonymous, _) = try await pull.scan()
        #expect(anonymous.registryCode == .authenticationFailed)
    }

    static func tooMany(_ seconds: Int) -> ImageRegistry.Fault {
        .answer(.status(429, headers: [("Retry-After", "\(seconds)")]))
    }

    @Test func pauseThatTheRegistryWantsIsKept() async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan([RemoteImageTests.tooMany(40), RemoteImageTests.tooMany(1)], for: pull.layer(1))
        let (outcome, requests) = try await pull.scan()
        #expect(try outcome.get().listing == RemoteImageTests.packages)
        #expect(pull.pauses.all == [.seconds(40), .seconds(1)])
        #expect(starts(requests, pull) == [0, 0, 0])
    }

    @Test(arguments: [61, 3600])
    func pauseThatIsTooLongIsAnErrorThatTellsIt(seconds: Int) async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan([RemoteImageTests.tooMany(seconds)], for: pull.layer(1))
        let (outcome, _) = try await pull.scan()
        #expect(outcome.registryCode == .rateLimited)
        guard case .failure(let error as RegistryError) = outcome else { return }
        #expect(error.retryAfter == .seconds(seconds))
        #expect(pull.pauses.all == [])
    }

    @Test func sixthPauseIsNotWaitedFor() async throws {
        let pull = Pull(try RemoteImageTests.image())
        pull.registry.plan(Array(repeating: RemoteImageTests.tooMany(2), count: 9), for: pull.layer(1))
        let (outcome, _) = try await pull.scan()
        #expect(outcome.registryCode == .rateLimited)
        #expect(pull.pauses.all == Array(repeating: .seconds(2), count: 5))
    }

    // Asked for once: what is not there does not come by asking again.
    @Test(arguments: [0, 1])
    func missingBlobIsAnError(index: Int) async throws {
        let image = try RemoteImageTests.image()
        let pull = Pull(image, leavingOut: image.layers[index].descriptor.digest)
        let (outcome, requests) = try await pull.scan()
        #expect(outcome.registryCode == .upstreamMisbehaved, "\(outcome)")
        #expect(requests.count { $0.path.hasSuffix(pull.layer(index)) } == 1)
    }

    @Test func missingForeignLayerIsIncomplete() async throws {
        var image = try Sample.image([["a 1"]])
        let type = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
        try image.add(mediaType: type, archive: TarFixture.archive { $0.file("x") })
        let pull = Pull(image, leavingOut: image.layers[1].descriptor.digest)
        let scanned = try await pull.scan().outcome.get()
        #expect(!scanned.isComplete)
        #expect(scanned.listing == ["deb a 1 @0"])
    }

    @Test func storageBehindARedirectSeesNoAuthorization() async throws {
        let image = try RemoteImageTests.image()
        let access = ImageRegistry.Access(username: "ci", password: "Secret-1")
        let pull = Pull(image, access: access)
        let login = RegistryLogin(id: UUID(), version: 1, username: "ci", password: Secret("Secret-1"))
        let blob = image.layers[1].blob
        try await WireServer.run { _ in
            .bytes(blob)
        } _: { storage in
            let target = "http://127.0.0.1:\(storage.port)/bucket/x?signature=abc"
            pull.registry.plan([.answer(.redirect(target))], for: pull.layer(1))
            let (outcome, _) = try await pull.scan(login: login, alsoAllowing: ["127.0.0.1:\(storage.port)"])
            #expect(try outcome.get().listing == RemoteImageTests.packages)
            #expect(storage.requests.count == 1)
            #expect(!storage.wire.lowercased().contains("authorization"))
            #expect(!storage.wire.contains("token-"))
        }
    }

    // Over a limit, the rest of the layer is not waited for.
    @Test func layerOverALimitIsLeftBehind() async throws {
        let pull = Pull(try RemoteImageTests.image())
        var limits = LayerLimits()
        limits.uncompressedBytes = 50_000
        let scanned = try await pull.scan(limits: limits).outcome.get()
        #expect(scanned.reasons == [nil, "the layer is over the limit uncompressed-bytes"])
        #expect(!scanned.isComplete)
    }

    @Test func manifestThatIsNotTheOneOfItsTagIsAnError() async throws {
        let image = try RemoteImageTests.image()
        let lie = ImageRegistry(
            manifests: [
                "1": (image.mediaType.rawValue, image.manifest),
                image.digest.description: (image.mediaType.rawValue, image.manifest + [UInt8(ascii: " ")]),
            ],
            blobs: [:]
        )
        let (outcome, _) = try await Pull(image, registry: lie).scan()
        #expect(outcome.registryCode == .digestMismatch)
    }
}

extension Pull {
    init(_ image: ImageFixture, registry: ImageRegistry) {
        self.image = image
        self.registry = registry
    }
}
