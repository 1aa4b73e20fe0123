/// The members of one JSON object, written straight to bytes: for what is written so often that a tree of it would be most of its
/// cost.
struct JSONMembers {
    private var text: [UInt8] = [UInt8(ascii: "{")]

    /// An object that will have about `sizeInBytes`.
    init(sizeInBytes: Int) {
        text.reserveCapacity(sizeInBytes)
    }

    /// Adds a text.
    mutating func add(_ name: String, _ value: String) {
        begin(name)
        JSON.write(value, to: &text)
    }

    /// Adds a number.
    mutating func add(_ name: String, _ value: Int) {
        begin(name)
        text.append(contentsOf: String(value).utf8)
    }

    /// Adds any value.
    mutating func add(_ name: String, _ value: JSON) {
        begin(name)
        value.write(to: &text)
    }

    /// The object, with all that was added.
    consuming func bytes() -> [UInt8] {
        text.append(UInt8(ascii: "}"))
        return text
    }

    private mutating func begin(_ name: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        JSON.write(name, to: &text)
        text.append(UInt8(ascii: ":"))
    }
}
