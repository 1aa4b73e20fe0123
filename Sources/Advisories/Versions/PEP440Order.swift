/// PyPI's order.
///
/// Epoch, release with zeros as padding, dev < a < b < rc < final < post, a local part above its public version. What the grammar
/// refuses sorts before everything else, by the rule of setuptools that came before it. Source: PEP 440 and packaging's
/// LegacyVersion.
public struct PEP440Order: VersionOrder {
    /// A version, read.
    public struct Key: Sendable {
        enum Form: Sendable {
            case standard(Standard)
            case legacy([ArraySlice<UInt8>])
        }
        let form: Form
    }

    struct Standard: Sendable {
        var epoch: ArraySlice<UInt8> = []
        var release: [ArraySlice<UInt8>] = []
        /// 0 for a dev release of a final one, 1 to 3 for a, b and rc, 4 when there is none.
        var phase = 4
        var phaseNumber: ArraySlice<UInt8> = []
        var post: ArraySlice<UInt8>?
        var dev: ArraySlice<UInt8>?
        var local: [ArraySlice<UInt8>]?
    }

    private static let phases: [(word: StaticString, rank: Int)] = [
        ("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("preview", 3), ("pre", 3), ("rc", 3), ("c", 3),
    ]

    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> Key? {
        let lowered = version.lowered
        guard let standard = PEP440Order.standard(lowered) else {
            return Key(form: .legacy(PEP440Order.legacy(lowered)))
        }
        return Key(form: .standard(standard))
    }

    private static func standard(_ version: ArraySlice<UInt8>) -> Standard? {
        var rest = version
        var result = Standard()
        _ = rest.take("v")
        var number = rest.take(while: \.isDigit)
        if rest.take("!") {
            guard !number.isEmpty else { return nil }
            result.epoch = number
            number = rest.take(while: \.isDigit)
        }
        while true {
            guard !number.isEmpty else { return nil }
            result.release.append(number.withoutZeros)
            guard rest.first == UInt8(ascii: "."), rest.dropFirst().first?.isDigit == true else { break }
            rest = rest.dropFirst()
            number = rest.take(while: \.isDigit)
        }
        while result.release.last?.isEmpty == true { result.release.removeLast() }
        readPhase(&rest, into: &result)
        readPost(&rest, into: &result)
        if let dev = takeWord(&rest, ["dev"]) { result.dev = dev }
        if result.phase == 4, result.post == nil, result.dev != nil { result.phase = 0 }
        guard readLocal(&rest, into: &result), rest.isEmpty else { return nil }
        return result
    }

    private static func readPhase(_ rest: inout ArraySlice<UInt8>, into result: inout Standard) {
        for (word, rank) in phases {
            guard let number = takeWord(&rest, [word]) else { continue }
            result.phase = rank
            result.phaseNumber = number
            return
        }
    }

    private static func readPost(_ rest: inout ArraySlice<UInt8>, into result: inout Standard) {
        if rest.first == UInt8(ascii: "-"), rest.dropFirst().first?.isDigit == true {
            rest = rest.dropFirst()
            result.post = rest.take(while: \.isDigit)
        } else {
            result.post = takeWord(&rest, ["post", "rev", "r"])
        }
    }

    private static func readLocal(_ rest: inout ArraySlice<UInt8>, into result: inout Standard) -> Bool {
        guard rest.take("+") else { return true }
        var parts: [ArraySlice<UInt8>] = []
        repeat {
            let part = rest.take { $0.isDigit || $0.isLetter }
            guard !part.isEmpty else { return false }
            parts.append(part)
        } while takeSeparator(&rest)
        result.local = parts
        return true
    }

    private static func takeSeparator(_ rest: inout ArraySlice<UInt8>) -> Bool {
        rest.take("-") || rest.take("_") || rest.take(".")
    }

    /// Takes `[-_.]?word[-_.]?[number]` from the front and gives the number, empty when there is none.
    private static func takeWord(_ rest: inout ArraySlice<UInt8>, _ words: [StaticString]) -> ArraySlice<UInt8>? {
        var ahead = rest
        _ = takeSeparator(&ahead)
        guard words.contains(where: { ahead.take($0) }) else { return nil }
        _ = takeSeparator(&ahead)
        rest = ahead
        return rest.take(while: \.isDigit)
    }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: Key, _ right: Key) -> Int {
        switch (left.form, right.form) {
        case (.standard(let left), .standard(let right)): return PEP440Order.compareStandard(left, right)
        case (.legacy, .standard): return -1
        case (.standard, .legacy): return 1
        case (.legacy(let left), .legacy(let right)):
            for (left, right) in zip(left, right) {
                let order = left.comparedAsText(to: right)
                if order != 0 { return order }
            }
            return left.count - right.count
        }
    }

    private static func compareStandard(_ left: Standard, _ right: Standard) -> Int {
        var order = left.epoch.comparedAsNumber(to: right.epoch)
        if order != 0 { return order }
        order = compareItems(left.release, right.release, padding: []) { $0.comparedAsNumber(to: $1) }
        if order != 0 { return order }
        if left.phase != right.phase { return left.phase - right.phase }
        order = left.phaseNumber.comparedAsNumber(to: right.phaseNumber)
        if order != 0 { return order }
        order = compareOptional(left.post, right.post, missing: -1)
        if order != 0 { return order }
        order = compareOptional(left.dev, right.dev, missing: 1)
        return order != 0 ? order : compareLocal(left.local, right.local)
    }

    private static func compareOptional(_ left: ArraySlice<UInt8>?, _ right: ArraySlice<UInt8>?, missing: Int) -> Int {
        switch (left, right) {
        case (nil, nil): 0
        case (nil, _): missing
        case (_, nil): -missing
        case (let left?, let right?): left.comparedAsNumber(to: right)
        }
    }

    private static func compareLocal(_ left: [ArraySlice<UInt8>]?, _ right: [ArraySlice<UInt8>]?) -> Int {
        guard let left, let right else { return (left == nil ? 0 : 1) - (right == nil ? 0 : 1) }
        for (left, right) in zip(left, right) {
            let order =
                switch (left.isNumber, right.isNumber) {
                case (true, true): left.comparedAsNumber(to: right)
                case (true, false): 1
                case (false, true): -1
                case (false, false): left.comparedAsText(to: right)
                }
            if order != 0 { return order }
        }
        return left.count - right.count
    }
}
