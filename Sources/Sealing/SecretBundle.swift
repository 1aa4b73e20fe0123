/// The secret fields of one credential, by field name: `password`, or `clientKeyPem` and `password` together.
///
/// This is what is sealed. Names are at most 255 bytes of UTF-8, values at most 4 GiB; fields keep their order.
public struct SecretBundle: Sendable {
    /// The fields in the order they were given.
    public let fields: [(name: String, value: Secret)]

    /// A bundle of `fields`.
    public init(_ fields: [(name: String, value: Secret)]) {
        self.fields = fields
    }

    /// The value of the field `name`, if the bundle has it.
    public subscript(name: String) -> Secret? {
        fields.first { $0.name == name }?.value
    }

    /// The wire form: for each field one byte of name length, the name, four bytes of value length (big endian), the value.
    func encoded() throws(SealingError) -> Secret {
        guard fields.allSatisfy({ $0.name.utf8.count <= 255 && $0.value.count <= Int(UInt32.max) }) else {
            throw SealingError(.invalidSecret, "a secret field's name or value is too long to seal")
        }
        let size = fields.reduce(0) { $0 + 1 + $1.name.utf8.count + 4 + $1.value.count }
        return Secret(count: size) { buffer in
            var offset = 0
            func put(_ bytes: some Sequence<UInt8>) {
                for byte in bytes {
                    buffer[offset] = byte
                    offset += 1
                }
            }
            for field in fields {
                put([UInt8(field.name.utf8.count)])
                put(field.name.utf8)
                put(withUnsafeBytes(of: UInt32(field.value.count).bigEndian, Array.init))
                field.value.withBytes { put($0) }
            }
        }
    }

    /// Reads the wire form back. Throws ``SealingError/Code/invalidSecret`` when it is damaged.
    init(decoding encoded: Secret) throws(SealingError) {
        let damaged = SealingError(.invalidSecret, "an opened secret has an unreadable form")
        let parsed: [(name: String, value: Secret)]? = encoded.withBytes { bytes in
            var rest = bytes[...]
            var fields: [(name: String, value: Secret)] = []
            while let nameLength = rest.popFirst() {
                guard rest.count >= Int(nameLength) + 4 else { return nil }
                let name = String(decoding: rest.prefix(Int(nameLength)), as: UTF8.self)
                rest = rest.dropFirst(Int(nameLength))
                let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(4)
                guard rest.count >= length else { return nil }
                fields.append((name, Secret(rest.prefix(length))))
                rest = rest.dropFirst(length)
            }
            return fields
        }
        guard let parsed else { throw damaged }
        fields = parsed
    }
}
