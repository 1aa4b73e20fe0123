import Foundation

/// Feeds damaged copies of good inputs to a reader: the same ones at every run, and more of them when `PRATIQUE_FUZZ_SECONDS` is set.
enum Mutation {
    /// Calls `body` with mutations of `seeds`.
    static func run(_ seeds: [[UInt8]], seed: UInt64, rounds: Int = 1_500, body: ([UInt8]) throws -> Void) throws {
        var generator = SeededGenerator(seed: seed)
        let seconds = ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_SECONDS"].flatMap(Double.init)
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var round = 0
        while round < rounds || end.map({ ContinuousClock.now < $0 }) ?? false {
            round += 1
            guard var bytes = seeds.randomElement(using: &generator) else { return }
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, seeds, &generator) }
            try body(bytes)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let length = Int.random(in: 1...16, using: &generator)
        switch Int.random(in: 0...5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + length))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length)], at: place)
        case 4: bytes = Array(bytes[..<place])
        default:
            guard let other = seeds.randomElement(using: &generator), !other.isEmpty else { return }
            let start = Int.random(in: 0..<other.count, using: &generator)
            bytes.insert(contentsOf: other[start..<min(other.count, start + length)], at: place)
        }
    }
}
