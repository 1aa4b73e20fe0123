import OCI
import Registries
import RegistryStubs
import Synchronization
import Testing

@Suite struct BlobTests {
    static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    static func descriptor(size: Int64? = nil, of content: [UInt8] = bytes, _ algorithm: Digest.Algorithm = .sha256)
        -> Descriptor
    {
        Descriptor(
            mediaType: MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar"),
            digest: Digest(of: content, algorithm),
            size: size ?? Int64(content.count)
        )
    }

    static func read(
        _ client: DistributionClient,
        _ descriptor: Descriptor,
        offset: Int64 = 0,
        in repository: String = "a/b"
    ) async throws -> [UInt8] {
        try await client.blob(repository, descriptor, offset: offset) { body in
            var bytes: [UInt8] = []
            for try await piece in body { bytes += piece }
            return bytes
        }
    }

    @Test(arguments: [Digest.Algorithm.sha256, .sha512])
    func blobIsReadAndChecked(algorithm: Digest.Algorithm) async throws {
        try await ManifestFetchTests.client { _ in
            .bytes(BlobTests.bytes)
        } _: { client, _ in
            let bytes = try await BlobTests.read(client, BlobTests.descriptor(algorithm))
            #expect(bytes == BlobTests.bytes)
        }
    }

    @Test func emptyBlobIsReadToo() async throws {
        try await ManifestFetchTests.client { _ in
            .bytes([])
        } _: { client, _ in
            let bytes = try await BlobTests.read(client, BlobTests.descriptor(of: []))
            #expect(bytes.isEmpty)
        }
    }

    @Test(arguments: [
        (WireAnswer.bytes(Array(bytes.dropLast())), "digest-mismatch"),
        (.bytes(bytes.dropLast() + [0]), "digest-mismatch"),
        (.bytes(bytes + [0]), "registry-misbehaved"), (.bytes([]), "digest-mismatch"),
        (
            WireAnswer(steps: [
                .send(WireAnswer.head(200, [("Transfer-Encoding", "chunked")])),
                .sendForever("1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"),
            ]), "registry-misbehaved"
        ),
        (.bytes(bytes, status: 206, [("Content-Range", "bytes 0-5/6")]), "registry-misbehaved"),
        (.status(404), "registry-misbehaved"),
        (.status(403), "insufficient-scope"), (.status(500), "registry-failed"), (.status(412), "policy-blocked"),
    ])
    func otherContentIsRefused(answer: WireAnswer, code: String) async throws {
        try await ManifestFetchTests.client { _ in
            answer
        } _: { client, _ in
            let error = await registryError { _ = try await BlobTests.read(client, BlobTests.descriptor()) }
            #expect(error?.code.description == code)
        }
    }

    @Test func blobGoesOnFromAnOffset() async throws {
        try await ManifestFetchTests.client { request in
            guard request["Range"] == "bytes=100000-" else { return .status(400) }
            return .bytes(
                Array(BlobTests.bytes[100_000...]),
                status: 206,
                [("Content-Range", "bytes 100000-299999/300000")]
            )
        } _: { client, _ in
            let rest = try await BlobTests.read(client, BlobTests.descriptor(), offset: 100_000)
            #expect(rest == Array(BlobTests.bytes[100_000...]))
        }
    }

    @Test func serverThatIgnoresTheRangeIsReadFromTheStart() async throws {
        try await ManifestFetchTests.client { _ in
            .bytes(BlobTests.bytes)
        } _: { client, _ in
            let rest = try await BlobTests.read(client, BlobTests.descriptor(), offset: 100_000)
            #expect(rest == Array(BlobTests.bytes[100_000...]))
        }
    }

    @Test(arguments: [[("Content-Range", "bytes 5-299999/300000")], [("Content-Range", "bytes */300000")], []])
    func otherPartThanAskedForIsRefused(headers: [(String, String)]) async throws {
        let answer = WireAnswer.bytes(Array(BlobTests.bytes[100_000...]), status: 206, headers)
        try await ManifestFetchTests.client { _ in
            answer
        } _: { client, _ in
            let error = await registryError {
                _ = try await BlobTests.read(client, BlobTests.descriptor(), offset: 100_000)
            }
            #expect(error?.code == .upstreamMisbehaved)
        }
    }

    /// The part from where the request begins, broken off after `count` bytes.
    static func broken(_ request: WireRequest, after count: Int) -> WireAnswer {
        let start = request["Range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
        let rest = Array(bytes[start...])
        var headers = [("Content-Length", "\(rest.count)")]
        if start > 0 { headers.append(("Content-Range", "bytes \(start)-299999/300000")) }
        let head = WireAnswer.head(start > 0 ? 206 : 200, headers)
        return WireAnswer(steps: [.send(head), .sendBytes(Array(rest.prefix(count))), .close])
    }

    @Test func blobThatBreaksOffIsTakenUpAgain() async throws {
        let count = Mutex(0)
        try await ManifestFetchTests.client { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return BlobTests.broken(request, after: number < 4 ? 70_000 : .max)
        } _: { client, server in
            let bytes = try await BlobTests.read(client, BlobTests.descriptor())
            #expect(bytes == BlobTests.bytes)
            #expect(server.requests.count == 4)
            // Never from further on than what had come.
            let starts = server.requests.dropFirst().map {
                Int(($0["Range"] ?? "bytes=0-").dropFirst(6).dropLast()) ?? -1
            }
            #expect(starts == starts.sorted())
            #expect(zip(starts, [70_000, 140_000, 210_000]).allSatisfy { (0...$1).contains($0) })
        }
    }

    @Test func blobThatNeverComesWholeIsGivenUp() async throws {
        try await ManifestFetchTests.client {
            BlobTests.broken($0, after: 1_000)
        } _: { client, server in
            #expect(await registryError { _ = try await BlobTests.read(client, BlobTests.descriptor()) } != nil)
            // A break may take along what had come: four tries in a row that bring nothing are enough.
            #expect((4...9).contains(server.requests.count))
        }
    }

    /// What is taken up again must still hash to the digest.
    @Test func otherBytesAfterABreakAreRefused() async throws {
        try await ManifestFetchTests.client { request in
            guard let range = request["Range"], let start = Int(range.dropFirst(6).dropLast()) else {
                return BlobTests.broken(request, after: 70_000)
            }
            let other = [UInt8](repeating: 0, count: BlobTests.bytes.count - start)
            return .bytes(other, status: 206, [("Content-Range", "bytes \(start)-299999/300000")])
        } _: { client, _ in
            let error = await registryError { _ = try await BlobTests.read(client, BlobTests.descriptor()) }
            #expect(error?.code == .digestMismatch)
        }
    }

    @Test func readerMayStopInTheMiddle() async throws {
        try await ManifestFetchTests.client { _ in
            .bytes(BlobTests.bytes)
        } _: { client, _ in
            let first = try await client.blob("a/b", BlobTests.descriptor()) { body in
                var iterator = body.makeAsyncIterator()
                return try await iterator.next()
            }
            #expect(first.map { BlobTests.bytes.starts(with: $0) } == true)
        }
    }

    /// Storage behind the registry sees neither the token nor the secret.
    @Test func storageSeesNoSecret() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .bytes(BlobTests.bytes)
        } _: { storage in
            let target = "http://other.test:\(storage.port)/bucket/x?X-Amz-Signature=abc"
            let registry = TestRegistry(answer: { _ in .redirect(target) })
            try await WireServer.run {
                registry.handle($0)
            } _: { server in
                try await withOutbound { outbound in
                    let client = try outbound.registry(server.port, canary.login())
                    #expect(try await BlobTests.read(client, BlobTests.descriptor()) == BlobTests.bytes)
                    #expect(storage.requests.count == 1)
                    #expect(!canary.isIn(storage.wire))
                    #expect(!storage.wire.contains(TestRegistry.tokenPrefix))
                }
            }
        }
    }

    /// A challenge of the storage is not the registry's: it is answered to with nothing.
    @Test func challengeOfTheStorageIsNotAnswered() async throws {
        let canary = Canary()
        try await WireServer.run { _ in
            .challenge(#"Basic realm="give it to me""#)
        } _: { storage in
            let target = "http://other.test:\(storage.port)/bucket/x"
            let registry = TestRegistry(answer: { _ in .redirect(target) })
            try await WireServer.run {
                registry.handle($0)
            } _: { server in
                try await withOutbound { outbound in
                    let client = try outbound.registry(server.port, canary.login())
                    let error = await registryError { _ = try await BlobTests.read(client, BlobTests.descriptor()) }
                    #expect(error != nil)
                    #expect(storage.requests.allSatisfy { $0["Authorization"] == nil })
                    #expect(!canary.isIn(storage.wire))
                    #expect(server.requests.filter { canary.isIn($0.text) }.map(\.path) == ["/token"])
                }
            }
        }
    }

    @Test(arguments: [Int64.min, -1])
    func impossibleSizesAreRefused(size: Int64) async throws {
        try await ManifestFetchTests.client { client, server in
            let error = await registryError { _ = try await BlobTests.read(client, BlobTests.descriptor(size: size)) }
            #expect(error?.code == .upstreamMisbehaved)
            #expect(server.requests.isEmpty)
        }
    }
}
