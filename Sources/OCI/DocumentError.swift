import Foundation

/// Why bytes are no manifest, index or configuration.
public struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, in one line, without the bytes.
    public let message: String

    /// An error that tells `message`.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }

    /// Decodes foreign JSON within bounds. `what` is the document's name in the error: `manifest`.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from json: [UInt8],
        what: String
    ) throws(DocumentError) -> Value {
        guard JSONBounds.isShallow(json) else { throw DocumentError("the \(what) is nested too deeply") }
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch DecodingError.keyNotFound(let key, _) {
            throw DocumentError("the \(what) has no \(key.stringValue)")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw DocumentError("the \(what) has a value of another type at \(path)")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw DocumentError("the \(what) has an unreadable value at \(path)")
        } catch {
            throw DocumentError("the \(what) is no JSON")
        }
    }
}
