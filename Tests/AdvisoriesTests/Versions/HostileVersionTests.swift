import Testing

@testable import Advisories

/// What no version of any order may do: trap, take long, or compare differently from the other side.
@Suite struct HostileVersionTests {
    static let orders: [any VersionOrder] = [
        DpkgOrder(), ApkOrder(), RpmOrder(), PEP440Order(), SemVerOrder(), MavenOrder(), NuGetOrder(), RubyGemsOrder(),
        PackagistOrder(),
    ]

    @Test(arguments: orders)
    func digitRunsLongerThanAnyIntegerCompareExactly(order: any VersionOrder) {
        let nines = String(repeating: "9", count: 500)
        #expect(order.sign("1.\(nines)8", "1.\(nines)9") == "<")
        #expect(order.sign("1.\(nines)", "1.\(nines)0") == "<")
        #expect(order.sign(nines, nines) == "=")
    }

    @Test(arguments: orders)
    func versionBeyondTheLimitIsRefused(order: any VersionOrder) {
        #expect(order.key(Array(repeating: UInt8(ascii: "1"), count: VersionText.maximumLength)[...]) != nil)
        #expect(order.key(Array(repeating: UInt8(ascii: "1"), count: VersionText.maximumLength + 1)[...]) == nil)
        #expect(order.key([]) == nil)
        #expect(order.key(Array("  ".utf8)[...]) == nil)
    }

    @Test(arguments: orders)
    func separatorsWithoutEndAreRead(order: any VersionOrder) {
        for unit in ["-", ".", "~", "^", "_", "+", "a1", "-1", "1!", "é", "\u{0}"] {
            let text = String(String(repeating: unit, count: 500).prefix(500))
            #expect(order.sign(text, text) == "=" || order.sign(text, text) == "?")
        }
    }

    @Test(arguments: orders)
    func anyBytesCompareTheSameFromBothSides(order: any VersionOrder) {
        var generator = SeededGenerator(seed: 4)
        let alphabet = Array("0123456789.-_+~^:!abprcvdevfinal ".utf8) + [0, 127, 128, 195, 255]
        func version() -> ArraySlice<UInt8> {
            (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator)
            }[...]
        }
        for _ in 0..<5_000 {
            let (left, right) = (version(), version())
            #expect(order.signum(left, right) == -order.signum(right, left), "\(left) \(right)")
            #expect(order.signum(left, left) == 0)
        }
    }
}

extension VersionOrder {
    fileprivate func signum(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        guard let left = key(left), let right = key(right) else { return 0 }
        return compare(left, right).signum()
    }
}
