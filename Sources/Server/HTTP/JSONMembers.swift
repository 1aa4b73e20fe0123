import Foundation

/// The members of one JSON object, written straight to bytes: for what is written so often that a tree of it would be most of its
/// cost.
struct JSONMembers {
    private var text: [UInt8] = [UInt8(ascii: "{")]
    private var isEmpty = true

    /// An object that will have about `sizeInBytes`.
    init(sizeInBytes: Int) {
        text.reserveCapacity(sizeInBytes)
    }

    /// Adds a text.
    mutating func add(_ name: StaticString, _ value: String) {
        begin(name)
        JSON.write(value, to: &text)
    }

    /// Adds a text under a name that is not known here.
    mutating func add(named name: String, _ value: String) {
        begin(named: name)
        JSON.write(value, to: &text)
    }

    /// Adds a number.
    mutating func add(_ name: StaticString, _ value: Int) {
        begin(name)
        text.append(contentsOf: String(value).utf8)
    }

    /// Adds a moment, or null.
    mutating func add(_ name: StaticString, _ value: Date?) {
        begin(name)
        if let value { JSON.write(value.rfc3339, to: &text) } else { JSON.null.write(to: &text) }
    }

    /// Adds an object.
    mutating func add(_ name: StaticString, _ fill: (inout JSONMembers) -> Void) {
        begin(name)
        let outer = isEmpty
        text.append(UInt8(ascii: "{"))
        isEmpty = true
        fill(&self)
        text.append(UInt8(ascii: "}"))
        isEmpty = outer
    }

    /// Adds any value.
    mutating func add(named name: String, _ value: JSON) {
        begin(named: name)
        value.write(to: &text)
    }

    /// The object, with all that was added.
    consuming func bytes() -> [UInt8] {
        text.append(UInt8(ascii: "}"))
        return text
    }

    /// A name of ours needs no escapes.
    private mutating func begin(_ name: StaticString) {
        separate()
        text.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(UInt8(ascii: "\""))
        text.append(UInt8(ascii: ":"))
    }

    private mutating func begin(named name: String) {
        separate()
        JSON.write(name, to: &text)
        text.append(UInt8(ascii: ":"))
    }

    private mutating func separate() {
        if !isEmpty { text.append(UInt8(ascii: ",")) }
        isEmpty = false
    }
}
