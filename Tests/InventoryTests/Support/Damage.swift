import Foundation
import Inventory
import Testing

/// A small generator of the same numbers every time. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators".
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// What can happen to a file on its way, done to a good one. Whatever comes out, the process must live through it.
struct Damage {
    let path: String
    let bytes: [UInt8]
    var mode: UInt32 = 0o644

    /// Cuts it at every offset (at most `steps` of them): what is left must give all packages, or fewer and a reason.
    func cutAnywhere(steps: Int = 3000) {
        let whole = inventory(of: path, bytes, mode: mode)
        #expect(!whole.packages.isEmpty, "the fixture itself must be good")
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / steps)) {
            let left = inventory(of: path, Array(bytes[..<length]), mode: mode)
            let invented = Set(left.lines).subtracting(whole.lines)
            if !invented.isEmpty, left.unreadable.isEmpty {
                Issue.record("cut at \(length), \(path) gives \(invented) and no reason")
            }
        }
    }

    /// Flips bytes and repeats, drops or zeroes stretches; `rounds` times, or as long as `PRATIQUE_FUZZ_SECONDS` says.
    func mutate(rounds: Int = 400, seed: UInt64 = 20_261_124) {
        var numbers = SeededNumbers(seed: seed)
        let seconds = ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_SECONDS"].flatMap(Double.init)
        let end = seconds.map { Date(timeIntervalSinceNow: $0) }
        var round = 0
        var survived = 0
        while end.map({ Date() < $0 }) ?? (round < rounds) {
            round += 1
            let found = inventory(of: path, mutated(with: &numbers), mode: mode)
            if found.packages.count <= 200_000 { survived += 1 }
        }
        #expect(survived == round)
    }

    private func mutated(with numbers: inout SeededNumbers) -> [UInt8] {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...8, using: &numbers) where !damaged.isEmpty {
            let offset = Int.random(in: 0..<damaged.count, using: &numbers)
            let length = min(Int.random(in: 1...16, using: &numbers), damaged.count - offset)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: damaged[offset] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 1: damaged[offset] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &numbers) ?? 0
            case 2: damaged.removeSubrange(offset..<(offset + length))
            case 3: damaged.insert(contentsOf: damaged[offset..<(offset + length)], at: offset)
            case 4: for index in offset..<(offset + length) { damaged[index] = 0xFF }
            default: damaged.removeSubrange(offset...)
            }
        }
        return damaged
    }
}
