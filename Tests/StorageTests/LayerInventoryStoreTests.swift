import Foundation
import OCI
import Storage
import TestSupport
import Testing

/// Layers are kept within a limit, those that are used. Source: issue 5, "Reuse".
@Suite struct LayerInventoryStoreTests {
    @Test func contentIsFoundInItsScopeAndAsItsKindOnly() async throws {
        try await withTemporarySession { session in
            let layers = LayerInventoryStore(session)
            let digest = try Digest.sample(1)
            try layers.insert(.layer, digest, scope: "1", contents: [1], at: .sample, limitInBytes: 100)
            try layers.insert(.layer, digest, scope: "1", contents: [2], at: .sample, limitInBytes: 100)
            #expect(try layers.find(.layer, digest, scope: "1") == [2])
            #expect(try layers.find(.layer, digest, scope: "2") == nil)
            #expect(try layers.find(.layer, .sample(2), scope: "1") == nil)
            #expect(try layers.find(.image, digest, scope: "1") == nil)
            try layers.insert(.image, digest, scope: "linux/arm64", contents: [3], at: .sample, limitInBytes: 100)
            #expect(try layers.find(.image, digest, scope: "linux/arm64") == [3])
            #expect(try layers.find(.image, digest, scope: "linux/amd64") == nil)
        }
    }

    @Test(arguments: LayerInventoryStore.Kind.allCases)
    func unusedForLongestGoesFirst(kind: LayerInventoryStore.Kind) async throws {
        try await withTemporarySession { session in
            let layers = LayerInventoryStore(session)
            let digests = try (1...5).map { try Digest.sample($0) }
            func time(_ hours: Int) -> Date { .sample.addingTimeInterval(Double(hours) * 3_600) }
            func kept() throws -> [Bool] { try digests.map { try layers.find(kind, $0, scope: "1") != nil } }
            for (hour, digest) in digests.prefix(3).enumerated() {
                try layers.insert(kind, digest, scope: "1", contents: [1, 2], at: time(hour), limitInBytes: 6)
            }
            try layers.touch(kind, [digests[0]], scope: "1", at: time(9))
            try layers.insert(kind, digests[3], scope: "1", contents: [1, 2], at: time(10), limitInBytes: 6)
            #expect(try kept() == [true, false, true, true, false])
            // What is larger than the limit pushes nothing out.
            let large = Array(repeating: UInt8(1), count: 7)
            try layers.insert(kind, digests[4], scope: "1", contents: large, at: time(11), limitInBytes: 6)
            #expect(try kept() == [true, false, true, true, false])
        }
    }
}
