import Foundation

/// A JSON value as a test writes or reads it. Numbers keep whether they were whole; `true` is never 1.
public enum TestJSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([TestJSON])
    /// Members without an order.
    case object([String: TestJSON])

    /// Parses `bytes`, which must be one JSON value.
    public init(_ bytes: some Sequence<UInt8>) throws {
        self = try JSONReader.value(of: Array(bytes)).found("JSON value in the bytes")
    }

    /// The value as UTF-8, members sorted.
    public var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }

    /// The member `name` of an object; null where there is none.
    public subscript(name: String) -> TestJSON {
        get { if case .object(let members) = self { members[name] ?? .null } else { .null } }
        set {
            guard case .object(var members) = self else { return }
            members[name] = newValue
            self = .object(members)
        }
    }

    /// The item of an array; null where there is none.
    public subscript(index: Int) -> TestJSON {
        if case .array(let items) = self, items.indices.contains(index) { items[index] } else { .null }
    }

    /// The text, if it is one.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The whole number, if it is one.
    public var integer: Int? { if case .integer(let number) = self { number } else { nil } }

    /// The truth value, if it is one.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The items of an array; empty for anything else.
    public var items: [TestJSON] { if case .array(let items) = self { items } else { [] } }

    /// The members of an object; empty for anything else.
    public var members: [String: TestJSON] { if case .object(let members) = self { members } else { [:] } }

    /// The names of an object's members.
    public var names: Set<String> { Set(members.keys) }

    /// This object without some members.
    public func without(_ names: String...) -> TestJSON {
        .object(members.filter { !names.contains($0.key) })
    }
}

extension TestJSON: Encodable {
    /// Writes any value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension TestJSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: TestJSON...) { self = .array(elements) }
    /// An object.
    public init(dictionaryLiteral elements: (String, TestJSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}

extension TestJSON: CustomStringConvertible {
    /// The value as it is sent.
    public var description: String { (try? String(decoding: bytes, as: UTF8.self)) ?? "<not JSON>" }
}
