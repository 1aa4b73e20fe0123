import Foundation
import OCI
import Storage
import TestSupport
import Testing

/// Layers are kept within a limit, those that are used. Source: issue 5, "Reuse".
@Suite struct LayerInventoryStoreTests {
    @Test func layerIsFoundForItsCataloguerOnly() async throws {
        try await withTemporarySession { session in
            let layers = LayerInventoryStore(session)
            let digest = try Digest.sample(1)
            try layers.insert(digest, cataloguer: "1", contents: [1], at: .sample, limitInBytes: 100)
            try layers.insert(digest, cataloguer: "1", contents: [2], at: .sample, limitInBytes: 100)
            #expect(try layers.find(digest, cataloguer: "1") == [2])
            #expect(try layers.find(digest, cataloguer: "2") == nil)
            #expect(try layers.known([digest, .sample(2)], cataloguer: "1") == [digest])
            try layers.insertResolved(digest, platform: "linux/arm64", contents: [3], at: .sample, limitInBytes: 100)
            #expect(try layers.resolved(digest, platform: "linux/arm64") == [3])
            #expect(try layers.resolved(digest, platform: "linux/amd64") == nil)
        }
    }

    @Test func unusedForLongestGoesFirst() async throws {
        try await withTemporarySession { session in
            let layers = LayerInventoryStore(session)
            let digests = try (1...4).map { try Digest.sample($0) }
            func time(_ hours: Int) -> Date { .sample.addingTimeInterval(Double(hours) * 3_600) }
            for (hour, digest) in digests.prefix(3).enumerated() {
                try layers.insert(digest, cataloguer: "1", contents: [1, 2], at: time(hour), limitInBytes: 6)
            }
            try layers.touch([digests[0]], cataloguer: "1", at: time(9))
            try layers.insert(digests[3], cataloguer: "1", contents: [1, 2], at: time(10), limitInBytes: 6)
            #expect(try layers.known(digests, cataloguer: "1") == [digests[0], digests[2], digests[3]])
            // What is larger than the limit pushes nothing out.
            try layers.insert(
                .sample(5),
                cataloguer: "1",
                contents: Array(repeating: 1, count: 7),
                at: time(11),
                limitInBytes: 6
            )
            #expect(try layers.known(digests + [.sample(5)], cataloguer: "1").count == 3)
        }
    }
}
