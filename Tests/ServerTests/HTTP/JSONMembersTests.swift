import Foundation
import Testing

@testable import Server

/// Objects that are written straight to bytes read as what was added.
@Suite struct JSONMembersTests {
    private func text(_ fill: (inout JSONMembers) -> Void) -> String {
        var members = JSONMembers(sizeInBytes: 64)
        fill(&members)
        return String(decoding: members.bytes(), as: UTF8.self)
    }

    @Test func anObjectMayHaveNoMembers() {
        #expect(text { _ in } == "{}")
        #expect(text { $0.add("a") { _ in } } == #"{"a":{}}"#)
    }

    @Test func everyKindOfMemberIsWrittenInItsOrder() {
        let time = Date(timeIntervalSince1970: 0)
        let written = text { members in
            members.add("text", "a")
            members.add("number", -7)
            members.add("time", time)
            members.add("none", nil as Date?)
            members.add(named: "x\"y", "b")
            members.add(named: "list", ["c", 1, true, .null])
        }
        let expected =
            #"{"text":"a","number":-7,"time":"1970-01-01T00:00:00.000Z","none":null,"x\"y":"b","list":["c",1,true,null]}"#
        #expect(written == expected)
    }

    /// The comma behind an inner object is the outer one's.
    @Test func innerObjectsAreSeparatedFromWhatFollows() {
        let written = text { members in
            members.add("a") { inner in
                inner.add("b") { $0.add("c", 1) }
                inner.add("d") { _ in }
                inner.add("e", 2)
            }
            members.add("f", 3)
        }
        #expect(written == #"{"a":{"b":{"c":1},"d":{},"e":2},"f":3}"#)
    }

    /// Source: RFC 8259, section 7.
    @Test(arguments: [
        ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\u000d\u0009""#), ("\u{0}\u{1F}", #""\u0000\u001f""#),
        ("/<\u{7F}é\u{2028}😀", "\"/<\u{7F}é\u{2028}😀\""), ("\"", #""\"""#), ("end\\", #""end\\""#),
    ])
    func stringsAreEscapedWhereTheyMustBe(string: String, expected: String) throws {
        #expect(JSON.string(string).text == expected)
        #expect(text { $0.add("a", string) } == #"{"a":\#(expected)}"#)
        let read = try JSONSerialization.jsonObject(with: Data(expected.utf8), options: .fragmentsAllowed)
        #expect(read as? String == string)
    }
}

/// An object with the members of another behind its own.
@Suite struct JSONAddingTests {
    private static func written(_ name: StaticString?) -> JSON {
        var members = JSONMembers(sizeInBytes: 16)
        if let name { members.add(name, 1) }
        return .written(members.bytes())
    }

    /// Neither side loses a member, whether it is written already or not.
    @Test(
        arguments: [
            (["a": 1], ["b": 2], #"{"a":1,"b":2}"#), (written("a"), ["b": 2], #"{"a":1,"b":2}"#),
            (["b": 2], written("a"), #"{"b":2,"a":1}"#), (written("a"), written("b"), #"{"a":1,"b":1}"#),
            (written(nil), ["b": 2], #"{"b":2}"#), (["b": 2], written(nil), #"{"b":2}"#),
            (written(nil), written(nil), "{}"), (.object([JSON.Member]()), written("a"), #"{"a":1}"#),
            ([1], ["b": 2], "[1]"), (["b": 2], .null, #"{"b":2}"#),
        ] as [(JSON, JSON, String)]
    )
    func membersOfBothAreThere(own: JSON, more: JSON, expected: String) {
        #expect(own.adding(more).text == expected)
    }
}
