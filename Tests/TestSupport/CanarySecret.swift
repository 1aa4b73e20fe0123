import Foundation
public import Sealing

/// A secret that is stored in a test and then looked for everywhere: in answers, logs, files and printed values.
///
/// It has a core of 24 random letters and digits, which no encoding of text touches, between characters that every encoding of
/// text changes. Looking for the encodings of the core finds the secret whole, in part, quoted, and inside something larger
/// that was encoded as one, such as the `user:password` of a Basic header.
public struct CanarySecret: Sendable {
    /// The secret itself.
    public let text: String
    /// The letters and digits in its middle.
    public let core: String
    /// What is looked for.
    public let forms: [Form]

    /// One way to write the secret.
    public struct Form: Sendable {
        /// What to call it when it is found.
        public let name: String
        /// What is looked for.
        public let bytes: [UInt8]
    }

    /// A new canary.
    public init() {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let core = String((0..<24).map { _ in letters.randomElement() ?? "A" })
        self.core = core
        text = #"can"ary/\#(core)+é&\=%"#
        forms = CanarySecret.forms(of: core)
    }

    /// A canary that somebody else made: `core` is looked for.
    public init(core: String) {
        self.core = core
        text = core
        forms = CanarySecret.forms(of: core)
    }

    /// The secret, to be sealed.
    public var secret: Secret { Secret(text) }

    /// The names of the forms that `bytes` hold; empty when there is no trace of the secret.
    public func traces(in bytes: some Sequence<UInt8>) -> [String] {
        bytes.withContiguousStorageIfAvailable { found(in: UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { found(in: $0) }
    }

    /// The names of the forms that `text` holds.
    public func traces(in text: String) -> [String] { traces(in: Array(text.utf8)) }

    /// Whether `bytes` hold the secret in any form.
    public func isIn(_ bytes: some Sequence<UInt8>) -> Bool { !traces(in: bytes).isEmpty }

    /// Whether `text` holds the secret in any form.
    public func isIn(_ text: String) -> Bool { !traces(in: text).isEmpty }

    /// The files below `directory` that hold the secret, each with the form, as `path: form`.
    public func traces(inFilesOf directory: TemporaryDirectory) throws -> [String] {
        let paths = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        return try paths.sorted().flatMap { path -> [String] in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: directory.file(path), isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { return [] }
            return traces(in: try directory.contents(of: path)).map { "\(path): \($0)" }
        }
    }

    private func found(in bytes: UnsafeRawBufferPointer) -> [String] {
        forms.filter { contains($0.bytes, in: bytes) }.map(\.name)
    }

    private static func forms(of core: String) -> [Form] {
        let raw = Array(core.utf8)
        func hex(_ format: String, separator: String = "") -> [UInt8] {
            Array(raw.map { String(format: format, Int($0)) }.joined(separator: separator).utf8)
        }
        return [
            Form(name: "raw", bytes: raw),
            Form(name: "reversed", bytes: raw.reversed()),
            Form(name: "UTF-16", bytes: Array(raw.flatMap { [$0, 0] }.dropLast())),
            Form(name: "hex", bytes: hex("%02x")),
            Form(name: "HEX", bytes: hex("%02X")),
            Form(name: "percent-encoded", bytes: hex("%%%02X")),
            Form(name: "percent-encoded, lower case", bytes: hex("%%%02x")),
            Form(name: "JSON escapes", bytes: hex("\\u%04x")),
            Form(name: "JSON escapes, upper case", bytes: hex("\\u%04X")),
            Form(name: "array of bytes", bytes: hex("%d", separator: ",")),
            Form(name: "spaced array of bytes", bytes: hex("%d", separator: ", ")),
        ] + (0..<3).flatMap { base64Forms(of: raw, offset: $0) }
    }

    /// Base64 of `raw` where it begins `offset` bytes into a group of three, without the characters that its neighbours have a
    /// share in.
    private static func base64Forms(of raw: [UInt8], offset: Int) -> [Form] {
        let shifted = Data([UInt8](repeating: 0, count: offset) + raw)
        let whole = shifted.count / 3 * 3
        let text = shifted.prefix(whole).base64EncodedString().utf8.dropFirst(offset == 0 ? 0 : 4)
        let standard = Array(text)
        let urlSafe = standard.map { character -> UInt8 in
            switch character {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: character
            }
        }
        let form = Form(name: "base64 at \(offset)", bytes: standard)
        return standard == urlSafe ? [form] : [form, Form(name: "base64url at \(offset)", bytes: urlSafe)]
    }
}
