import Foundation
import Testing

@testable import Server

/// What is read of random documents is what Foundation reads.
@Suite("JSON of requests, random") struct JSONReaderPropertyTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func aDocumentReadsAsFoundationReadsIt(seed: UInt64) throws {
        var writer = RandomJSON(seed: seed)
        for _ in 0..<25 {
            let text = writer.object(depth: 0)
            let expected = try #require(Self.foundation(Array(text.utf8)), "\(text)")
            #expect(JSONReaderTests.read(Array(text.utf8)) == expected, "\(text)")
        }
    }

    /// A document with one wrong byte is refused, or both read the same.
    @Test(arguments: 40..<60 as Range<UInt64>)
    func aDamagedDocumentIsRefusedOrReadAlike(seed: UInt64) {
        var writer = RandomJSON(seed: seed)
        var refused = 0
        for _ in 0..<50 {
            var bytes = Array(writer.object(depth: 0).utf8)
            let place = Int(writer.number(below: UInt64(bytes.count)))
            bytes[place] = UInt8(writer.number(below: 256))
            guard let read = JSONReaderTests.read(bytes) else {
                refused += 1
                continue
            }
            // Foundation refuses some that are right, such as numbers beyond a double.
            if let other = Self.foundation(bytes), other.count == read.count { #expect(read == other, "\(bytes)") }
        }
        #expect(refused > 0)
    }

    private static func foundation(_ bytes: [UInt8]) -> [String: RequestValue]? {
        let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return object?.mapValues(value)
    }

    private static func value(_ value: Any) -> RequestValue {
        switch value {
        case let text as String: .string(text)
        case let items as [Any]: .array(items.map(Self.value))
        case let members as [String: Any]: .object(members.mapValues(Self.value))
        case let number as NSNumber: isBool(number) ? .bool(number.boolValue) : .number
        default: .null
        }
    }

    /// A number that Foundation made of `true` or `false` has the type of a C character.
    private static func isBool(_ number: NSNumber) -> Bool { number.objCType.pointee == CChar(UInt8(ascii: "c")) }
}

/// Writes random JSON in every form that RFC 8259 allows; the same for the same seed.
private struct RandomJSON {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func number(below bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ (mixed >> 31)) % bound
    }

    private mutating func one<Value>(of values: [Value]) -> Value { values[Int(number(below: UInt64(values.count)))] }

    /// An object; no two members have one name.
    mutating func object(depth: Int) -> String {
        let count = Int(number(below: 5))
        let members = (0..<count).map { index in
            "\(space())\(string(endingIn: "\(index)"))\(space()):\(value(depth: depth + 1))"
        }
        return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
    }

    private mutating func value(depth: Int) -> String {
        let text =
            switch number(below: depth < 6 ? 8 : 6) {
            case 0: "null"
            case 1: one(of: ["true", "false"])
            case 2: digits()
            case 3...5: string(endingIn: "")
            case 6: object(depth: depth)
            default: array(depth: depth)
            }
        return space() + text + space()
    }

    private mutating func array(depth: Int) -> String {
        let items = (0..<Int(number(below: 4))).map { _ in value(depth: depth + 1) }
        return "[\(items.isEmpty ? space() : items.joined(separator: ","))]"
    }

    private mutating func digits() -> String {
        let sign = one(of: ["", "-"])
        let whole = one(of: ["0", "\(1 + number(below: 9))", "\(1 + number(below: 999_999))"])
        return sign + whole + one(of: ["", ".0", ".\(number(below: 10_000))"]) + one(of: ["", "e2", "E+1", "e-3"])
    }

    private mutating func string(endingIn end: String) -> String {
        let pieces = [
            "a", "Z", "7", " ", "é", "€", "😀", "e\u{301}", "{", "]", ",", ":", "/", "\u{7F}", #"\""#, #"\\"#, #"\/"#,
            #"\b"#,
            #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0041"#, #"\u00E9"#, #"\u20aC"#, #"\uD83D\uDE00"#, #"\u0000"#,
            #"\uFFFF"#,
        ]
        let text = (0..<Int(number(below: 9))).map { _ in one(of: pieces) }.joined()
        return "\"\(text)\(end)\""
    }

    private mutating func space() -> String { one(of: ["", "", "", " ", "\n", "\t", "\r\n  "]) }
}
