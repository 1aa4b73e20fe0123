import Foundation
import TestSupport
import Testing

@testable import Server

/// The JSON of requests. Source: RFC 8259.
@Suite("JSON of requests") struct JSONReaderTests {
    private static func read(_ text: String) -> [String: RequestValue]? { read(Array(text.utf8)) }

    /// Nil for what is no object; of several members of one name the first.
    static func read(_ bytes: [UInt8]) -> [String: RequestValue]? {
        guard let members = try? JSONReader.members(of: bytes) else { return nil }
        return Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test(
        arguments: [
            ("{}", [:]), (" \t\r\n{ \t\r\n} \t\r\n", [:]), ("\u{FEFF}{}", [:]), (#"{"":null}"#, ["": .null]),
            (#"{"a":"b","c":true,"d":false}"#, ["a": .string("b"), "c": .bool(true), "d": .bool(false)]),
            (#"{ "a" : [ ] , "b" : { } }"#, ["a": .array([]), "b": .object([:])]),
            (
                #"{"a":["x",null,1,[true],{"b":[]}]}"#,
                ["a": .array([.string("x"), .null, .number, .array([.bool(true)]), .object(["b": .array([])])])]
            ),
            // The first of several counts, also when another is written with escapes.
            (#"{"a":1,"a":"x","\u0061":null}"#, ["a": .number]),
        ] as [(String, [String: RequestValue])]
    )
    func anObjectIsRead(text: String, expected: [String: RequestValue]) {
        #expect(Self.read(text) == expected)
    }

    @Test(arguments: [
        "", " ", "null", "[]", "1", #""a""#, "{", "}", "{}{}", "{} x", "{}\u{0}", "{,}", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#,
        #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a" 1}"#, "{a:1}", "{'a':1}", "{1:1}", #"{"a":[1,]}"#, #"{"a":[,1]}"#,
        #"{"a":[1 2]}"#, #"{"a":[}"#, #"{"a":tru}"#, #"{"a":True}"#, #"{"a":nul"#, #"{"a":nullx}"#, #"{"a":undefined}"#,
        #"{"a":1/**/}"#, #"{"a":NaN}"#, #"{"a":Infinity}"#, "\u{A0}{}", "\u{FEFF}\u{FEFF}{}",
    ])
    func whatIsNoObjectIsRefused(text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test(arguments: [
        "0", "-0", "7", "-12", "1.5", "0.0", "1e9", "1E+9", "1e-9", "-0.1e00", "1e999999999999999999999",
        String(repeating: "9", count: 50_000), "0." + String(repeating: "1", count: 50_000),
    ])
    func aNumberOfAnySizeIsOne(text: String) {
        #expect(Self.read(#"{"a":\#(text)}"#) == ["a": .number])
        #expect(Self.read(#"{"a":[\#(text),\#(text)]}"#) == ["a": .array([.number, .number])])
    }

    @Test(arguments: ["01", "-", "+1", ".5", "1.", "1.e1", "1e", "1e+", "--1", "0x1", "1_0", "-01", "00", "1e1.5", "٣"])
    func whatIsNoNumberIsRefused(text: String) {
        #expect(Self.read(#"{"a":\#(text)}"#) == nil)
    }

    @Test(arguments: [
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u00E9\u20ac"#, "Aéé€"), (#"\u0000"#, "\u{0}"),
        (#"\ud83d\ude00"#, "😀"), (#"\uD800\uDC00"#, "\u{10000}"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
        (#"\uD7FF\uE000\uFFFF"#, "\u{D7FF}\u{E000}\u{FFFF}"), ("é😀\u{7F}", "é😀\u{7F}"), (#"é\né"#, "é\né"),
    ])
    func aStringIsUnescaped(text: String, expected: String) {
        #expect(Self.read(#"{"a":"\#(text)"}"#) == ["a": .string(expected)])
        #expect(Self.read(#"{"\#(text)":null}"#) == [expected: .null])
    }

    /// Half a pair of surrogates is no character; neither is a pair in the wrong order.
    @Test(arguments: [
        #"\ud83d"#, #"\ude00"#, #"\ud83d\ud83d"#, #"\ude00\ud83d"#, #"\ud83dx"#, #"\ud83d\n"#, #"\ud83d\u0041"#,
        #"\u12"#,
        #"\u12G4"#, #"\u-123"#, #"\u"#, #"\x41"#, #"\'"#, #"\U0041"#, #"\u００４１"#, "\n", "\u{0}", "\u{1F}", "\t",
    ])
    func aWrongEscapeOrAControlIsRefused(text: String) {
        #expect(Self.read(#"{"a":"\#(text)"}"#) == nil)
    }

    /// Stray and missing continuations, overlong forms, surrogates, beyond U+10FFFF. Source: RFC 3629, sections 3 and 4.
    @Test(
        arguments: [
            [0x80], [0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0xFF],
        ] as [[UInt8]]
    )
    func whatIsNotUTF8IsRefused(bytes: [UInt8]) {
        #expect(Self.read(Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)) == nil, "in a text")
        #expect(Self.read(Array(#"{"a":"\n"#.utf8) + bytes + Array(#""}"#.utf8)) == nil, "in one with escapes")
        #expect(Self.read(Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8)) == nil, "in a name")
        #expect(Self.read(bytes + Array("{}".utf8)) == nil, "before all")
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func deepNestingIsRefusedAndNeverOverflows(open: String, close: String) {
        func nested(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth) + "}"
        }
        #expect(Self.read(nested(JSONReader.depthLimit - 1)) != nil, "the object itself counts")
        #expect(Self.read(nested(JSONReader.depthLimit)) == nil)
        #expect(Self.read(nested(100_000)) == nil)
        #expect(Self.read(#"{"a":"# + String(repeating: open, count: 100_000)) == nil)
    }

    /// Values beside each other are no depth.
    @Test func manyValuesBesideEachOtherAreRead() {
        let many = Array(repeating: "[[],{}]", count: 1_000).joined(separator: ",")
        #expect(
            Self.read(#"{"a":[\#(many)]}"#)?["a"]
                == .array(Array(repeating: .array([.array([]), .object([:])]), count: 1_000))
        )
    }

    private static let whole = #" {"a\u00e9":["é\ud83d\ude00",-1.5e+3,{"b":[true,null]}] , "c":false} "#

    @Test func aDocumentThatIsCutShortAnywhereIsRefused() {
        let bytes = Array(Self.whole.utf8)
        #expect(Self.read(bytes)?.count == 2)
        for end in 0..<bytes.count - 1 { #expect(Self.read(Array(bytes[..<end])) == nil, "after \(end) bytes") }
    }

    /// No byte in any place is a trap.
    @Test func anyByteAnywhereIsReadOrRefused() {
        let bytes = Array(Self.whole.utf8)
        var read = 0
        for place in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[place] = byte
                if Self.read(changed) != nil { read += 1 }
            }
        }
        #expect(read >= bytes.count && read < bytes.count * 256)
    }
}
