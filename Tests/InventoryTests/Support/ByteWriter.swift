/// Builds the bytes of a file, field by field.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func little<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func big<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ text: String) { bytes += Array(text.utf8) }

    mutating func zeros(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

    /// Zeros up to the next multiple of `size`.
    mutating func align(_ size: Int) { zeros((size - bytes.count % size) % size) }

    mutating func pad(to size: Int) { zeros(max(0, size - bytes.count)) }
}
