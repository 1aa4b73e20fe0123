import Foundation
import OCI

extension KeyedDecodingContainer {
    /// The value of `key`; nil when it is missing, null, or of another shape than it is documented with. What registries send
    /// differs from what they document, and a field that only informs must not spoil the rest.
    func lenient<Value: Decodable>(_ type: Value.Type = Value.self, _ key: Key) -> Value? {
        // The reason would only say which shape it has instead, and no reader of the field could do anything about that.
        (try? decodeIfPresent(Value.self, forKey: key)) ?? nil
    }
}

/// An item of a list that is left out when it is not readable.
struct LenientItem<Value: Decodable>: Decodable {
    let value: Value?

    // One that misses what it must have is no item; the list goes on behind it.
    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

/// Decodes foreign JSON; nil when it is none of the shape, or nests deeper than any answer does.
func decodedForeign<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
    guard JSONBounds.isShallow(bytes) else { return nil }
    // Callers say which answer of whom was unreadable; the decoder's own words could quote a secret in it.
    return try? JSONDecoder().decode(Value.self, from: Data(bytes))
}
